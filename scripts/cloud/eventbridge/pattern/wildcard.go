package pattern

import (
	"bytes"
	"slices"
	"strings"
)

// glob is a text with wildcards, split at them. A single piece means that there is no wildcard.
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
	for _, piece := range g[1:last] { // the leftmost match leaves the most for the rest
		at := bytes.Index(s, piece)
		if at < 0 {
			return false
		}
		s = s[at+len(piece):]
	}
	return bytes.HasSuffix(s, g[last])
}

// MaxWildcardCost limits the cost of one text with wildcards. AWS does not document its limit; this one agrees with
// every recorded result.
const MaxWildcardCost = 10

// cost returns the number of wildcards plus the number of times that the most common character after a wildcard
// follows one. It estimates the number of ways to match the same text.
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

// tooComplex reports whether a wildcard costs too much. Like AWS's engine, it checks fields in order of path and
// stops at one that must be absent.
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
