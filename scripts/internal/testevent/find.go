package testevent

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// UnknownError reports an unknown event type, and lists the known ones.
type UnknownError struct {
	Type  string
	Known []string // the most similar first
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("there is no event %q; the known ones, the most similar first:\n  %s", e.Type, strings.Join(e.Known, "\n  "))
}

// Find returns the contract of a type, or an *UnknownError.
func Find(contracts []schema.Event, eventType string) (*schema.Event, error) {
	known := make([]string, len(contracts))
	for i := range contracts {
		if known[i] = contracts[i].Type; known[i] == eventType {
			return &contracts[i], nil
		}
	}
	slices.SortStableFunc(known, func(a, b string) int {
		return cmp.Compare(distance(eventType, a), distance(eventType, b))
	})
	return nil, &UnknownError{Type: eventType, Known: known}
}

// distance returns the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
