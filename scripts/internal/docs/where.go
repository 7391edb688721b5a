package docs

import (
	"fmt"
	"strings"
)

// where returns what a subscription asks of events, in words: `data.force >= 8`. It has one text for each member; all must
// hold. Matchers that are rare stand as they are written.
func where(pattern []byte) []string {
	if pattern == nil {
		return nil
	}
	asked, err := decode(pattern)
	if err != nil {
		return []string{string(pattern)}
	}
	return asks("", asked)
}

func asks(place string, pattern any) (texts []string) {
	members, deeper := pattern.(object)
	for _, m := range members {
		texts = append(texts, asks(strings.TrimPrefix(place+"."+m.name, "."), m.value)...)
	}
	if deeper {
		return texts
	}
	alternatives, _ := pattern.([]any)
	if strings.HasSuffix(place, "$or") {
		return []string{place + " " + compact(pattern)}
	}
	var values, others []string
	for _, alternative := range alternatives {
		if matcher, is := alternative.(object); is {
			others = append(others, matches(matcher))
		} else {
			values = append(values, compact(alternative))
		}
	}
	if len(values) > 0 {
		others = append([]string{"is " + strings.Join(values, " or ")}, others...)
	}
	return []string{place + " " + strings.Join(others, " or ")}
}

// matches returns a matcher in words.
func matches(matcher object) string {
	if len(matcher) != 1 {
		return compact(matcher)
	}
	switch operator, operand := matcher[0].name, matcher[0].value; operator {
	case "anything-but":
		if _, deeper := operand.(object); deeper {
			break
		}
		values, many := operand.([]any)
		if !many {
			values = []any{operand}
		}
		var texts []string
		for _, value := range values {
			texts = append(texts, compact(value))
		}
		return "is not " + strings.Join(texts, " or ")
	case "numeric":
		limits, _ := operand.([]any)
		var texts []string
		for i := 0; i+1 < len(limits); i += 2 {
			texts = append(texts, fmt.Sprintf("%v %v", limits[i], limits[i+1]))
		}
		return strings.Join(texts, " and ")
	case "prefix":
		if text, plain := operand.(string); plain {
			return "begins with " + compact(text)
		}
	case "suffix":
		if text, plain := operand.(string); plain {
			return "ends with " + compact(text)
		}
	case "exists":
		if operand == true {
			return "is there"
		}
		return "is absent"
	}
	return compact(matcher)
}

func compact(value any) string {
	text, err := encode(value)
	if err != nil {
		return fmt.Sprint(value) // never: it was decoded from JSON
	}
	return string(text)
}
