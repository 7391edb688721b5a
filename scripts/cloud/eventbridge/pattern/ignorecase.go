package pattern

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// fold is a text to compare case-insensitively. Like AWS, it compares character by character, so "ß" also matches
// "SS".
type fold []cases

type cases struct{ lower, upper []byte }

func foldOf(s string) fold {
	var f fold
	for s != "" {
		_, size := utf8.DecodeRuneInString(s)
		f = append(f, cases{[]byte(strings.ToLower(s[:size])), []byte(strings.ToUpper(s[:size]))})
		s = s[size:]
	}
	return f
}

// prefixes reports whether s begins with the text.
func (f fold) prefixes(s []byte) bool {
	_, ok := f.cutPrefix(s)
	return ok
}

// equals reports whether s equals the text.
func (f fold) equals(s []byte) bool {
	rest, ok := f.cutPrefix(s)
	return ok && len(rest) == 0
}

func (f fold) cutPrefix(s []byte) (rest []byte, ok bool) {
	for _, c := range f {
		if rest, ok = bytes.CutPrefix(s, c.lower); !ok {
			if rest, ok = bytes.CutPrefix(s, c.upper); !ok {
				return s, false
			}
		}
		s = rest
	}
	return s, true
}

// suffixes reports whether s ends with the text.
func (f fold) suffixes(s []byte) bool {
	for i := len(f) - 1; i >= 0; i-- {
		rest, ok := bytes.CutSuffix(s, f[i].lower)
		if !ok {
			if rest, ok = bytes.CutSuffix(s, f[i].upper); !ok {
				return false
			}
		}
		s = rest
	}
	return true
}
