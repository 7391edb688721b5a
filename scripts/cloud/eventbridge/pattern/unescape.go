package pattern

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescape resolves the escape sequences of a JSON string.
func unescape(s []byte) []byte {
	b := make([]byte, 0, len(s))
	for len(s) > 0 {
		if s[0] != '\\' || len(s) < 2 {
			b, s = append(b, s[0]), s[1:]
			continue
		}
		var r rune
		r, s = escape(s)
		b = utf8.AppendRune(b, r)
	}
	return b
}

// escape decodes the escape sequence at the start of s and returns the rest.
func escape(s []byte) (rune, []byte) {
	if at := strings.IndexByte(`bfnrt`, s[1]); at >= 0 {
		return rune("\b\f\n\r\t"[at]), s[2:]
	}
	if s[1] != 'u' {
		return rune(s[1]), s[2:]
	}
	r, rest := hex4(s)
	if r >= 0xD800 && r < 0xDC00 {
		if low, after := hex4(rest); low >= 0xDC00 && low < 0xE000 {
			return (r-0xD800)<<10 + (low - 0xDC00) + 0x10000, after
		}
	}
	return r, rest
}

// hex4 decodes \uXXXX at the start of s, or returns U+FFFD.
func hex4(s []byte) (rune, []byte) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return utf8.RuneError, s[min(len(s), 2):]
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	if err != nil {
		return utf8.RuneError, s[2:]
	}
	return rune(n), s[6:]
}
