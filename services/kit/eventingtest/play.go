package eventingtest

import (
	"context"
	"encoding/json"
	"fmt"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// put stores the documents that are given.
func put(ctx context.Context, m *Memory, documents []eventing.Document) error {
	return m.Try(ctx, "given", func(context.Context, eventing.State) (inbox.Commit, error) {
		var commit inbox.Commit
		given := map[string]bool{}
		for _, doc := range documents {
			if given[doc.Key()] {
				return commit, fmt.Errorf("%s is there twice", doc.Key())
			}
			given[doc.Key()] = true
			body, err := json.Marshal(doc)
			if err != nil {
				return commit, fmt.Errorf("encode %s: %w", doc.Key(), err)
			}
			commit.Changes = append(commit.Changes, eventing.Change{Key: doc.Key(), Body: body})
		}
		return commit, nil
	})
}

// play runs a unit of work, again over the same state, and commits it.
func play(ctx context.Context, m *Memory, unit Unit, id string) (inbox.Commit, error) {
	var commit inbox.Commit
	err := m.Try(ctx, id, func(ctx context.Context, state eventing.State) (_ inbox.Commit, err error) {
		if commit, err = unit.attempt(ctx, state, id); err != nil {
			return commit, err
		}
		again, err := unit.attempt(ctx, state, id)
		if err != nil || render(again) != render(commit) {
			return commit, fmt.Errorf("%w\nfirst:\n%sthen:\n%s(error: %v)", errUnstable, render(commit), render(again), err)
		}
		return commit, nil
	})
	return commit, err
}
