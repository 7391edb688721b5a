package pattern

import (
	"bytes"
	"slices"
	"strings"
)

// glob is a text with wildcards: the pieces between them. One piece is no wildcard.
type glob [][]byte

func parseGlob(s string) (glob, error) {
	pieces := glob{nil}
	for i := 0; i < len(s); i++ {
		last := len(pieces) - 1
		switch s[i] {
		case '*':
			if last > 0 && len(pieces[last]) == 0 {
				return nil, errorf("Consecutive wildcard characters at pos %d", i)
			}
			pieces = append(pieces, nil)
			continue
		case '\\':
			if i+1 == len(s) || s[i+1] != '*' && s[i+1] != '\\' {
				return nil, errorf("Invalid escape character at pos %d", i+1)
			}
			i++
		}
		pieces[last] = append(pieces[last], s[i])
	}
	return pieces, nil
}

func (g glob) match(s []byte) bool {
	last := len(g) - 1
	if last == 0 {
		return bytes.Equal(s, g[0])
	}
	s, ok := bytes.CutPrefix(s, g[0])
	if !ok {
		return false
	}
	for _, piece := range g[1:last] { // the leftmost fit leaves the most for the rest
		at := bytes.Index(s, piece)
		if at < 0 {
			return false
		}
		s = s[at+len(piece):]
	}
	return bytes.HasSuffix(s, g[last])
}

// MaxWildcardCost bounds the cost of one text with wildcards. AWS does not say its limit; this one
// agrees with every verdict recorded.
const MaxWildcardCost = 10

// cost counts the wildcards, and how often the commonest character behind one stands there: a measure
// of how many ways there are to match the same text.
func (g glob) cost() int {
	next, commonest := map[byte]int{}, 0
	for _, piece := range g[1:] {
		if len(piece) > 0 {
			next[piece[0]]++
			commonest = max(commonest, next[piece[0]])
		}
	}
	return len(g) - 1 + commonest
}

// tooComplex tells whether a wildcard costs too much. Like AWS's engine it takes fields by name and
// does not look behind one that must be absent.
func (a alternative) tooComplex() bool {
	byName := slices.SortedFunc(slices.Values(a), func(f, g field) int { return strings.Compare(f.path, g.path) })
	for _, f := range byName {
		if len(f.matchers) == 0 {
			return false
		}
		for _, m := range f.matchers {
			if m.cost > MaxWildcardCost {
				return true
			}
		}
	}
	return false
}
