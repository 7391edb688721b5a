package codegen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// initialisms are the words that are written in capitals, as Go's reviewers ask.
var initialisms = []string{"id", "sku", "url"}

// TypeName returns the Go name of an event: LampLit for lamp.lit.v1, and LampLitV2 for its second version.
func TypeName(eventType string) string {
	words := strings.Split(strings.TrimSuffix(eventType, ".v1"), ".")
	for i, word := range words {
		words[i] = title(word)
	}
	return strings.Join(words, "")
}

// FieldName returns the Go name of a member or an enum's value: LampID for lampId, InTransit for in-transit. It is
// not a name if the text has no letter to begin with.
func FieldName(text string) string {
	var name strings.Builder
	for _, word := range words(text) {
		if slices.Contains(initialisms, strings.ToLower(word)) {
			word = strings.ToUpper(word)
		}
		name.WriteString(title(word))
	}
	return name.String()
}

// eventField returns the Go name of an event's member. The type has methods of two names.
func eventField(member string) string {
	name := FieldName(member)
	if name == "Subject" || name == "Contract" {
		return name + "_"
	}
	return name
}

// words splits a name at everything that is no letter or digit, and before a capital that follows a small letter.
func words(text string) (words []string) {
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
		}
		word = nil
	}
	var last rune
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case unicode.IsUpper(r) && !unicode.IsUpper(last):
			end()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		last = r
	}
	end()
	return words
}

func title(word string) string {
	for _, first := range word {
		return string(unicode.ToUpper(first)) + word[len(string(first)):]
	}
	return ""
}

// exported reports whether a name can stand in Go.
func exported(name string) bool { return name != "" && unicode.IsUpper([]rune(name)[0]) }

// NextVersion returns the type of an event's next version: lamp.lit.v2 for lamp.lit.v1.
func NextVersion(eventType string) string {
	at := strings.LastIndex(eventType, ".v")
	version, err := strconv.Atoi(eventType[at+2:])
	if at < 0 || err != nil {
		return eventType + ".v2"
	}
	return fmt.Sprintf("%s.v%d", eventType[:at], version+1)
}
