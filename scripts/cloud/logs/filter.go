package logs

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Filter is a compiled filter pattern: terms, or an expression over JSON.
//
// The language is AWS's (user guide, "Filter pattern syntax"). A message must contain all terms and "quoted phrases" and
// none of the -terms or, if there are only ?terms, one of these. { $.field = value } matches JSON messages. Patterns over
// columns ([a, b]) and %regular expressions% are rejected.
type Filter struct {
	all, any, none []string
	json           condition
}

// ParseFilter compiles a filter pattern. An empty one matches everything.
func ParseFilter(pattern string) (*Filter, error) {
	pattern = strings.TrimSpace(pattern)
	switch {
	case strings.HasPrefix(pattern, "["):
		return nil, invalid("the local cloud does not support filter patterns over columns: %s", pattern)
	case strings.HasPrefix(pattern, "{"):
		c, err := parseJSONFilter(pattern)
		return &Filter{json: c}, err
	}
	f := &Filter{}
	for pattern != "" {
		sign, term, rest, err := cutTerm(pattern)
		if err != nil {
			return nil, err
		}
		f.add(sign, term)
		pattern = strings.TrimSpace(rest)
	}
	return f, nil
}

func (f *Filter) add(sign byte, term string) {
	switch sign {
	case '?':
		f.any = append(f.any, term)
	case '-':
		f.none = append(f.none, term)
	default:
		f.all = append(f.all, term)
	}
}

// cutTerm splits off the first term of a pattern.
func cutTerm(pattern string) (sign byte, term, rest string, err error) {
	if pattern[0] == '?' || pattern[0] == '-' {
		sign, pattern = pattern[0], pattern[1:]
	}
	if strings.HasPrefix(pattern, "%") {
		return 0, "", "", errRegular(pattern)
	}
	if strings.HasPrefix(pattern, `"`) {
		term, rest, err = cutQuoted(pattern)
		return sign, term, rest, err
	}
	end := strings.IndexAny(pattern, " \t\n")
	if end < 0 {
		end = len(pattern)
	}
	if end == 0 {
		return 0, "", "", invalid("Invalid filter pattern: a sign needs a term")
	}
	if bad := strings.TrimFunc(pattern[:end], isWord); bad != "" {
		return 0, "", "", errTerm(bad)
	}
	return sign, pattern[:end], pattern[end:], nil
}

// isWord reports whether a character needs no quotation marks.
func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// errTerm is AWS's error for a term that needs quotation marks, as public reports quote it.
func errTerm(term string) error {
	bad, _ := utf8.DecodeRuneInString(term)
	return invalid("Invalid character(s) in term '%c': a term with other characters than letters, digits and _ must be in double quotation marks", bad)
}

func errRegular(pattern string) error {
	return invalid("the local cloud does not support regular expressions in filter patterns: %s", pattern)
}

// cutQuoted splits off a quoted phrase, in which a backslash escapes the next character.
func cutQuoted(s string) (phrase, rest string, err error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], nil
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", "", invalid("Invalid filter pattern: a quotation mark is not closed")
}

// Match reports whether a message matches.
func (f *Filter) Match(message string) bool {
	if f.json != nil {
		return matchJSON(f.json, message)
	}
	for _, term := range f.all {
		if !strings.Contains(message, term) {
			return false
		}
	}
	for _, term := range f.none {
		if strings.Contains(message, term) {
			return false
		}
	}
	if len(f.all)+len(f.none) > 0 {
		return true // user guide: combined with other terms, "all question mark terms will be ignored"
	}
	for _, term := range f.any {
		if strings.Contains(message, term) {
			return true
		}
	}
	return len(f.any) == 0
}
