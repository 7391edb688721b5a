package drawing

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// canvas writes SVG. All that it is given is escaped.
type canvas struct{ b strings.Builder }

// attributes are names and values in turn; a value is a text or a number.
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

// write puts a text where its baseline begins.
func (c *canvas) write(x, y float64, class, content string, more ...any) {
	c.open("text", append(attributes{"x", x, "y", y, "class", class}, more...))
	c.escape(content)
	c.close("text")
}

// title writes a tooltip, which screen readers read, too.
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

// begin opens a drawing of a size. Standing alone it brings its style sheet and its ground.
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

// glyphWidth is the width of a character of the monospaced type, in em.
const glyphWidth = 0.602

// fit shortens a text to a width in pixels, at a size of monospaced type.
func fit(content string, width, size float64) string {
	most := int(width / (size * glyphWidth))
	runes := []rune(content)
	if len(runes) <= most || most < 2 {
		return content
	}
	return string(runes[:most-1]) + "…"
}

// wrap breaks a text into lines of so many characters, and cuts it after so many lines.
func wrap(content string, columns, lines int) (wrapped []string) {
	line := ""
	for _, word := range strings.Fields(content) {
		for len([]rune(word)) > columns { // a word that fits no line
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
