package dynamodb

import (
	"strings"
	"unicode/utf8"
)

// maxExpression is the maximum length of an expression, in bytes. It also bounds the depth of recursion.
const maxExpression = 4096

// maxOperators is the maximum number of operators in an expression. Parentheses and functions do not count.
const maxOperators = 300

type tokenKind int

const (
	tokenEnd    tokenKind = iota
	tokenName             // a word: an attribute name, a keyword or a function
	tokenAlias            // #name
	tokenValue            // :value
	tokenIndex            // digits
	tokenSymbol           // = <> < <= > >= ( ) [ ] . , + -
)

type token struct {
	kind       tokenKind
	text       string
	start, end int
}

// word returns the token in upper case if it is a word, because keywords are case-insensitive.
func (t token) word() string {
	if t.kind != tokenName {
		return ""
	}
	return strings.ToUpper(t.text)
}

// lex splits an expression into tokens. A character that starts no token becomes a symbol that no grammar rule
// accepts.
func lex(text string) []token {
	var tokens []token
	for at := 0; at < len(text); {
		if strings.IndexByte(" \t\r\n", text[at]) >= 0 {
			at++
			continue
		}
		t := next(text, at)
		tokens = append(tokens, t)
		at = t.end
	}
	return append(tokens, token{kind: tokenEnd, text: "<EOF>", start: len(text), end: len(text)})
}

func next(text string, at int) token {
	c, length := utf8.DecodeRuneInString(text[at:])
	kind := tokenSymbol
	switch {
	case (c == '#' || c == ':') && span(text[at+1:], isWordRune) > 0:
		kind, length = tokenAlias, 1+span(text[at+1:], isWordRune)
		if c == ':' {
			kind = tokenValue
		}
	case isDigit(c):
		kind, length = tokenIndex, span(text[at:], isDigit)
	case isWordRune(c) && c != '_':
		kind, length = tokenName, span(text[at:], isWordRune)
	case strings.HasPrefix(text[at:], "<>"), strings.HasPrefix(text[at:], "<="), strings.HasPrefix(text[at:], ">="):
		length = 2
	}
	return token{kind, text[at : at+length], at, at + length}
}

// span returns the number of leading characters in the class. All are ASCII.
func span(text string, class func(rune) bool) int {
	if i := strings.IndexFunc(text, func(r rune) bool { return !class(r) }); i >= 0 {
		return i
	}
	return len(text)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isWordRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || isDigit(r) || r == '_'
}

// operators returns the number of operators among the tokens.
func operators(tokens []token) int {
	count := 0
	for _, t := range tokens {
		switch t.kind {
		case tokenSymbol:
			if !strings.ContainsAny(t.text, "()[].,") {
				count++
			}
		case tokenName:
			switch t.word() {
			case "AND", "OR", "NOT", "IN", "BETWEEN":
				count++
			}
		}
	}
	return count
}
