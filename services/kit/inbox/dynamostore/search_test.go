package dynamostore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox/dynamostore"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// seat is a document with an entry.
type seat struct{ Name, Patient, Order string }

func (s *seat) Key() string { return "seat/" + s.Name }

func (s *seat) Indexes() []eventing.Index {
	return []eventing.Index{{Name: "patient", Value: s.Patient, Order: s.Order}}
}

func saveSeat(s seat) eventing.Work {
	return func(ctx context.Context, tx *eventing.Tx) error {
		_, err := tx.Load(ctx, &seat{Name: s.Name})
		tx.Save(&s)
		return err
	}
}

// late is a database whose index is as it was when held was read, and whose batches leave keys out, as a throttle does
// or more than the 16 MB of an answer.
type late struct {
	dynamostore.API
	held  *dynamodb.QueryOutput
	reads int // keys of a batch that are read
	calls int // batches
}

func (l *late) Query(ctx context.Context, in *dynamodb.QueryInput, options ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	if l.held != nil {
		return l.held, nil
	}
	out, err := l.API.Query(ctx, in, options...)
	l.held = out
	return out, err
}

func (l *late) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	l.calls++
	ask := in.RequestItems[table]
	read := min(l.reads, len(ask.Keys))
	left := map[string]types.KeysAndAttributes{table: {Keys: ask.Keys[read:]}}
	if ask.Keys = ask.Keys[:read]; read == 0 {
		return &dynamodb.BatchGetItemOutput{UnprocessedKeys: left}, nil
	}
	out, err := l.API.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{table: ask}}, options...)
	if err == nil && len(left[table].Keys) > 0 {
		out.UnprocessedKeys = left
	}
	return out, err
}

func find(t *testing.T, store *dynamostore.Store, limit int) string {
	t.Helper()
	page, next, err := eventing.Find[seat](t.Context(), eventing.NewTx(store), eventing.Query{Index: "patient", Value: "ann", Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range page {
		names = append(names, s.Name)
	}
	return fmt.Sprint(strings.Join(names, " "), ", more: ", next != "")
}

func TestEntriesOutOfDateAreLeftOut(t *testing.T) {
	client, _ := newClient(t)
	api := &late{API: client, reads: 100}
	store := dynamostore.New(api, table)
	save := func(key string, s seat) {
		t.Helper()
		if _, err := store.Try(t.Context(), key, saveSeat(s)); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range []seat{{"a", "ann", "1"}, {"b", "ann", "2"}, {"c", "ann", "3"}, {"d", "ann", "4"}} {
		save(fmt.Sprint(i), s)
	}
	if got := find(t, store, 3); got != "a b c, more: true" { // from now on the index is late
		t.Fatal(got)
	}
	save("another patient", seat{"a", "bob", "1"})
	save("another order", seat{"b", "ann", "9"})
	if got := find(t, store, 3); got != "c, more: true" {
		t.Error(got)
	}
	save("no patient", seat{"c", "", ""})
	if got := find(t, store, 3); got != ", more: true" {
		t.Error(got)
	}
}

func TestBatchesThatLeaveKeysOut(t *testing.T) {
	client, _ := newClient(t)
	api := &late{API: client, reads: 2}
	store := dynamostore.New(api, table)
	for i := range 5 {
		if _, err := store.Try(t.Context(), fmt.Sprint(i), saveSeat(seat{fmt.Sprint(i), "ann", ""})); err != nil {
			t.Fatal(err)
		}
	}
	if got := find(t, store, 5); got != "0 1 2 3 4, more: false" || api.calls != 3 {
		t.Errorf("%s, after %d batches; want all five after three", got, api.calls)
	}
	api.reads = 0
	_, _, err := eventing.Find[seat](t.Context(), eventing.NewTx(store), eventing.Query{Index: "patient", Value: "ann"})
	if err == nil || !strings.Contains(err.Error(), "after 10 attempts 5 of 5 items are left") {
		t.Errorf("error %v; want one that says what is left", err)
	}
}
