package main

import (
	"fmt"
	"regexp"
	"strings"
)

// block is a variable or an output.
type block struct {
	name       string
	attributes map[string]string
}

func (b block) row(variable bool) string {
	if !variable {
		return fmt.Sprintf("| `%s` | %s |\n", b.name, cell(b.attributes["description"]))
	}
	value, optional := b.attributes["default"]
	if optional {
		value = "`" + value + "`"
	}
	return fmt.Sprintf("| `%s` | `%s` | %s | %s |\n", b.name, cell(b.attributes["type"]), value, cell(b.attributes["description"]))
}

// cell escapes a text for a table cell: a bar would end the cell, and an angle bracket would be read as HTML.
func cell(text string) string {
	return strings.NewReplacer(`\"`, `"`, "|", `\|`, "<", "&lt;").Replace(strings.Trim(text, `"`))
}

// Source formatted by terraform fmt can be parsed by lines: a block ends with a brace in the first column, an
// attribute begins in the third, and deeper lines belong to the previous attribute.
var (
	opening   = regexp.MustCompile(`^(\w+) "(\w+)" {$`)
	attribute = regexp.MustCompile(`^  (\w+)\s+= (.*)$`)
	comment   = regexp.MustCompile(` +# .*$`)
	space     = regexp.MustCompile(`\s+`)
)

func blocks(source, kind string) []block {
	var found []block
	var name string // of the unfinished attribute
	for line := range strings.Lines(source) {
		line = comment.ReplaceAllString(strings.TrimRight(line, "\n"), "")
		switch m := opening.FindStringSubmatch(line); {
		case m != nil && m[1] == kind:
			found, name = append(found, block{m[2], map[string]string{}}), ""
			continue
		case len(found) == 0 || line == "":
			continue
		}
		attributes := found[len(found)-1].attributes
		switch m := attribute.FindStringSubmatch(line); {
		case m != nil:
			name = m[1]
			attributes[name] = m[2]
		case line == "}" || strings.HasPrefix(line, "  validation"):
			name = ""
		case name != "":
			attributes[name] = join(attributes[name], space.ReplaceAllString(strings.TrimSpace(line), " "))
		}
	}
	return found
}

// join appends the next line of a value; a comma replaces the line break where it separates elements.
func join(text, line string) string {
	if strings.HasSuffix(text, "{") || strings.HasSuffix(text, "(") || strings.HasSuffix(text, ",") || strings.HasPrefix(line, "}") {
		return text + " " + line
	}
	return text + ", " + line
}
