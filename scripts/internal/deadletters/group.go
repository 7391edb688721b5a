package deadletters

import (
	"cmp"
	"slices"
	"time"
)

// Group is the dead letters with the same reason.
type Group struct {
	Reason  string         `json:"reason"`
	Count   int            `json:"count"`
	Types   map[string]int `json:"types"`  // number of messages by event type; "" for a message that isn't an event
	Oldest  time.Time      `json:"oldest"` // SentAt of the oldest and the newest
	Newest  time.Time      `json:"newest"`
	Example Letter         `json:"example"` // the oldest
}

// Groups groups letters by reason, the most frequent first.
func Groups(letters []Letter) []Group {
	byReason := map[string]*Group{}
	for _, l := range slices.SortedStableFunc(slices.Values(letters), func(a, b Letter) int { return a.SentAt.Compare(b.SentAt) }) {
		g := byReason[l.Reason]
		if g == nil {
			g = &Group{Reason: l.Reason, Types: map[string]int{}, Oldest: l.SentAt, Example: l}
			byReason[l.Reason] = g
		}
		g.Count++
		g.Types[l.Type]++
		g.Newest = l.SentAt
	}
	groups := make([]Group, 0, len(byReason))
	for _, g := range byReason {
		groups = append(groups, *g)
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return groups
}
