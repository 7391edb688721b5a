package dynamostore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/dynamostore"
)

// TestLimits goes to what DynamoDB takes, and beyond it.
func TestLimits(t *testing.T) {
	const kilobyte = 1 << 10
	documents := func(n, size int) (changes []eventing.Change) {
		for i := range n {
			changes = append(changes, eventing.Change{Key: fmt.Sprintf("document/%02d", i), Body: []byte(strings.Repeat("1", size))})
		}
		return changes
	}
	for _, c := range []struct {
		name   string
		commit inbox.Commit
		says   string // nothing: it is committed
	}{
		{"99 documents", inbox.Commit{Changes: documents(99, 1)}, ""},
		{"100 documents", inbox.Commit{Changes: documents(100, 1)}, "101, where DynamoDB takes 100"},
		{"a full item", inbox.Commit{Changes: documents(1, 400*kilobyte-60)}, ""},
		{"a document too large", inbox.Commit{Changes: documents(1, 400*kilobyte)}, "doc#document/00"},
		{"a record too large", inbox.Commit{Record: inbox.Record{Response: make([]byte, 310*kilobyte)}}, "inbox#"},
		{"4 MB, nearly", inbox.Commit{Changes: documents(10, 399*kilobyte)}, ""},
		{"more than 4 MB", inbox.Commit{Changes: documents(11, 399*kilobyte)}, "bytes of the unit of work"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, _ := newClient(t)
			err := dynamostore.New(client, table).Try(t.Context(), "unit", func(context.Context, eventing.State) (inbox.Commit, error) {
				return c.commit, nil
			})
			if c.says == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if _, permanent := errors.AsType[*eventing.PermanentError](err); !permanent {
				t.Errorf("%v; want a permanent error", err)
			}
			if e, ok := errors.AsType[*dynamostore.LimitError](err); !ok || !strings.Contains(e.Error(), c.says) || e.Advice == "" {
				t.Errorf("%v; want a LimitError that says %q and what to do", err, c.says)
			}
		})
	}
}
