package logs

import (
	"regexp"
	"strconv"
)

// selector is a path into a JSON message, such as $.user.tags[0].
type selector []string

var (
	selectorForm = regexp.MustCompile(`^\$(\.[A-Za-z0-9_-]+|\[\d{1,9}\])+$`) // user guide: "alphanumeric strings that also support hyphen and underscore"
	selectorStep = regexp.MustCompile(`[^.\[\]$]+`)
)

func parseSelector(text string) (selector, error) {
	if !selectorForm.MatchString(text) {
		return nil, invalid("Invalid filter pattern: %q is not a selector such as $.field or $.list[0]", text)
	}
	return selectorStep.FindAllString(text[1:], -1), nil
}

// find returns the value at the path.
func (s selector) find(value any) (any, bool) {
	for _, step := range s {
		switch v := value.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}
