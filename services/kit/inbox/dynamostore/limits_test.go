package dynamostore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox/dynamostore"
)

// TestLimits goes to what DynamoDB takes, and beyond it.
func TestLimits(t *testing.T) {
	const kilobyte = 1 << 10
	documents := func(n, size int) eventing.Work {
		return func(_ context.Context, tx *eventing.Tx) error {
			for i := range n {
				tx.Save(&document{fmt.Sprintf("document/%02d", i), strings.Repeat("1", size)})
			}
			return nil
		}
	}
	respond := func(_ context.Context, tx *eventing.Tx) error {
		tx.Respond(make([]byte, 310*kilobyte))
		return nil
	}
	for _, c := range []struct {
		name string
		work eventing.Work
		says string // nothing: it is committed
	}{
		{"99 documents", documents(99, 1), ""},
		{"100 documents", documents(100, 1), "101, where DynamoDB takes 100"},
		{"a full item", documents(1, 400*kilobyte-60), ""},
		{"a document too large", documents(1, 400*kilobyte), "doc#document/00"},
		{"a key too long", func(_ context.Context, tx *eventing.Tx) error {
			tx.Save(&document{strings.Repeat("k", 2045), "1"})
			return nil
		}, "2049, where DynamoDB takes 2048"},
		{"a key too long that is only read", func(ctx context.Context, tx *eventing.Tx) error {
			known, err := tx.Load(ctx, &document{strings.Repeat("k", 2045), "1"})
			if known || err != nil {
				t.Errorf("there is a document: %t, %v", known, err)
			}
			return nil
		}, "2049, where DynamoDB takes 2048"},
		{"entries as long as they may be", saveSeat(seat{"tom", strings.Repeat("v", 2048), strings.Repeat("o", 1023-len("seat/tom"))}), ""},
		{"a value too long", saveSeat(seat{"tom", strings.Repeat("v", 2049), "1"}), "the value of seat/tom in the index patient: 2049, where DynamoDB takes 2048"},
		{"an order too long", saveSeat(seat{"tom", "v", strings.Repeat("o", 1024-len("seat/tom"))}), "the key of seat/tom in the index patient: 1025, where DynamoDB takes 1024"},
		{"a record too large", respond, "inbox#"},
		{"4 MB, nearly", documents(10, 399*kilobyte), ""},
		{"more than 4 MB", documents(11, 399*kilobyte), "bytes of the unit of work"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, _ := newClient(t)
			_, err := dynamostore.New(client, table).Try(t.Context(), "unit", c.work)
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
