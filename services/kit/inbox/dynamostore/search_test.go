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

// late is a database whose index is as it was when held was read, and whose batches leave keys out.
type late struct {
	dynamostore.API
	held  *dynamodb.QueryOutput
	leave int // keys of each batch
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
	kept := max(len(ask.Keys)-l.leave, 0)
	left := types.KeysAndAttributes{Keys: ask.Keys[kept:]}
	if ask.Keys = ask.Keys[:kept]; kept == 0 {
		return &dynamodb.BatchGetItemOutput{UnprocessedKeys: map[string]types.KeysAndAttributes{table: left}}, nil
	}
	out, err := l.API.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{table: ask}}, options...)
	if err == nil && len(left.Keys) > 0 {
		out.UnprocessedKeys = map[string]types.KeysAndAttributes{table: left}
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
	api := &late{API: client}
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

// TestBatchesThatLeaveKeysOut covers both why DynamoDB does: a throttle, and more than the 16 MB of an answer.
func TestBatchesThatLeaveKeysOut(t *testing.T) {
	client, _ := newClient(t)
	api := &late{API: client}
	store := dynamostore.New(api, table)
	for i := range 3 {
		if _, err := store.Try(t.Context(), fmt.Sprint(i), saveSeat(seat{fmt.Sprint(i), "ann", ""})); err != nil {
			t.Fatal(err)
		}
	}
	api.leave = 2
	_, _, err := eventing.Find[seat](t.Context(), eventing.NewTx(store), eventing.Query{Index: "patient", Value: "ann"})
	if err == nil || !strings.Contains(err.Error(), "after 10 attempts 2 of 3 items are left") {
		t.Errorf("error %v; want one that says what is left", err)
	}
	api.leave = 0
	for i := range 45 {
		if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: new(table), Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: fmt.Sprint("doc#seat/", i)}, "version": &types.AttributeValueMemberN{Value: "1"},
			"by-patient": &types.AttributeValueMemberS{Value: "large"}, "order-patient": &types.AttributeValueMemberS{Value: fmt.Sprint("\x00seat/", i)},
			"body": &types.AttributeValueMemberS{Value: fmt.Sprintf(`{"Name":"%d","Order":"%s"}`, i, strings.Repeat("o", 380_000))},
		}}); err != nil {
			t.Fatal(err)
		}
	}
	api.held, api.calls = nil, 0
	page, next, err := eventing.Find[seat](t.Context(), eventing.NewTx(store), eventing.Query{Index: "patient", Value: "large", Limit: 100})
	if err != nil || len(page) != 45 || next != "" || api.calls < 2 {
		t.Errorf("found %d in %d batches, then %q, error %v; want 45 in more than one", len(page), api.calls, next, err)
	}
}
