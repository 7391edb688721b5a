package eventingtest

import (
	"context"
	"fmt"

	"example.com/troupe/services/kit/eventing"
)

// put stores the given documents.
func put(ctx context.Context, m *Memory, documents []eventing.Document) error {
	given := map[string]bool{}
	for _, doc := range documents {
		if given[doc.Key()] {
			return fmt.Errorf("%s is there twice", doc.Key())
		}
		given[doc.Key()] = true
	}
	_, err := m.Try(ctx, "given", func(_ context.Context, tx *eventing.Tx) error {
		for _, doc := range documents {
			tx.Save(doc)
		}
		return nil
	})
	return err
}

// play runs a unit of work twice over the same state, and commits it.
func play(ctx context.Context, m *Memory, unit Unit, id string) (eventing.Commit, error) {
	return m.Try(ctx, id, func(ctx context.Context, tx *eventing.Tx) error {
		first, err := unit.attempt(id).Run(ctx, m)
		if err != nil {
			return err
		}
		again, err := unit.attempt(id).Run(ctx, m)
		if err != nil || render(again) != render(first) {
			return fmt.Errorf("%w\nfirst:\n%sthen:\n%s(error: %v)", errUnstable, render(first), render(again), err)
		}
		return unit.attempt(id)(ctx, tx)
	})
}
