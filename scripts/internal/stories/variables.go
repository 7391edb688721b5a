package stories

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"example.com/troupe/events"
)

var reference = regexp.MustCompile(`\$(?:\$|\{(\w+)\}|(\w+))`)

// Variables are the values of $name.
type Variables map[string]string

// newVariables returns the variables that a story begins with: $story, which differs each time.
func newVariables() Variables {
	return Variables{"story": "s-" + strings.ReplaceAll(events.NewID(), "-", "")[:20]}
}

// Expand replaces the variables in a text. The error for an unknown one lists the known ones.
func (v Variables) Expand(text string) (string, error) {
	var unknown error
	expanded := reference.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$$" {
			return "$"
		}
		name := strings.Trim(found, "${}")
		value, known := v[name]
		if !known && unknown == nil {
			unknown = fmt.Errorf("there is no variable $%s; known are %s", name, strings.Join(slices.Sorted(maps.Keys(v)), ", "))
		}
		return value
	})
	return expanded, unknown
}

func (v Variables) expandAll(texts []string) ([]string, error) {
	expanded := make([]string, len(texts))
	for i, text := range texts {
		var err error
		if expanded[i], err = v.Expand(text); err != nil {
			return nil, err
		}
	}
	return expanded, nil
}

// assignments separates name=value from the other words. A word that begins with a dot, a dash or a slash is
// not an assignment.
func assignments(args []string) (words []string, values [][2]string) {
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if ok && name != "" && !strings.ContainsRune(".-/", rune(name[0])) {
			values = append(values, [2]string{name, value})
		} else {
			words = append(words, arg)
		}
	}
	return words, values
}
