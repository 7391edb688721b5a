package drawing

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// canvas writes SVG. It escapes all text.
type canvas struct{ b strings.Builder }

// attributes are alternating names and values; a value is a string or a number.
type attributes []any

func (c *canvas) open(name string, a attributes) {
	c.b.WriteString("<" + name)
	for i := 0; i+1 < len(a); i += 2 {
		c.b.WriteString(" " + a[i].(string) + `="`)
		c.escape(text(a[i+1]))
		c.b.WriteString(`"`)
	}
	c.b.WriteString(">")
}

func (c *canvas) close(name string) { c.b.WriteString("</" + name + ">") }

func (c *canvas) element(name string, a attributes) {
	c.open(name, a)
	c.close(name)
}

// write draws text whose baseline begins at a point.
func (c *canvas) write(x, y float64, class, content string, more ...any) {
	c.open("text", append(attributes{"x", x, "y", y, "class", class}, more...))
	c.escape(content)
	c.close("text")
}

// title adds a tooltip, which screen readers read as well.
func (c *canvas) title(content string) {
	c.open("title", nil)
	c.escape(content)
	c.close("title")
}

func (c *canvas) escape(content string) { _ = xml.EscapeText(&c.b, []byte(content)) } // a Builder never fails

func text(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// begin opens a drawing. A standalone drawing includes its style sheet and background.
func (c *canvas) begin(width, height float64, label string, alone bool) {
	c.open("svg", attributes{
		"xmlns", "http://www.w3.org/2000/svg", "class", "drawing", "role", "group", "aria-label", label,
		"viewBox", fmt.Sprintf("0 0 %g %g", width, height), "width", width, "height", height,
	})
	if alone {
		c.open("style", nil)
		c.escape(Style)
		c.close("style")
		c.element("rect", attributes{"class", "ground", "width", "100%", "height", "100%"})
	}
}

func (c *canvas) end() string {
	c.close("svg")
	return c.b.String()
}

// glyphWidth is the width of a monospaced character, in em.
const glyphWidth = 0.602

// fit shortens monospaced text to a width in pixels.
func fit(content string, width, size float64) string {
	most := int(width / (size * glyphWidth))
	runes := []rune(content)
	if len(runes) <= most || most < 2 {
		return content
	}
	return string(runes[:most-1]) + "…"
}

// wrap breaks text into lines of a number of characters, and cuts it after a number of lines.
func wrap(content string, columns, lines int) (wrapped []string) {
	line := ""
	for _, word := range strings.Fields(content) {
		for len([]rune(word)) > columns { // longer than a line
			runes := []rune(word)
			wrapped, line = add(wrapped, line), ""
			wrapped, word = append(wrapped, string(runes[:columns])), string(runes[columns:])
		}
		if line != "" && len([]rune(line+" "+word)) > columns {
			wrapped, line = append(wrapped, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	wrapped = add(wrapped, line)
	if len(wrapped) > lines {
		last := []rune(wrapped[lines-1])
		wrapped = append(wrapped[:lines-1], string(last[:min(len(last), columns-1)])+"…")
	}
	return wrapped
}

func add(lines []string, line string) []string {
	if line == "" {
		return lines
	}
	return append(lines, line)
}
