package dynamostore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	cloud "example.com/localcloud/dynamodb"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/dynamostore"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// document is a document of a number.
type document struct{ key, body string }

func (d *document) Key() string                  { return d.key }
func (d *document) MarshalJSON() ([]byte, error) { return []byte(d.body), nil }
func (d *document) UnmarshalJSON(text []byte) error {
	d.body = string(text)
	return nil
}

// saving returns a unit of work that saves one document.
func saving(key, body string) eventing.Work {
	return func(_ context.Context, tx *eventing.Tx) error {
		tx.Save(&document{key, body})
		return nil
	}
}

func TestTransactionConflictRunsAgain(t *testing.T) {
	client, service := newClient(t)
	var met atomic.Int64
	service.Conflict = func(string, cloud.Item) bool { return met.Add(1) <= 5 } // two items a transaction
	_, repeated, err := inbox.Do(t.Context(), dynamostore.New(client, table), "unit", saving("a", `1`))
	if err != nil || repeated || met.Load() != 8 {
		t.Errorf("repeated %t, error %v, %d items written; want success with the fourth transaction", repeated, err, met.Load())
	}
}

// losing is a network that loses the answer to the first transaction.
type losing struct {
	lost   bool
	bodies []string // of transactions
}

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".TransactWriteItems") {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	l.bodies = append(l.bodies, string(body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || l.lost {
		return response, err
	}
	l.lost = true
	return nil, errors.Join(io.ErrUnexpectedEOF, response.Body.Close())
}

func TestLostAnswerIsRecognised(t *testing.T) {
	network := &losing{}
	client, _ := newClient(t, func(o *dynamodb.Options) {
		o.HTTPClient = &http.Client{Transport: network}
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	})
	if _, err := dynamostore.New(client, table).Try(t.Context(), "unit", saving("a", `1`)); err != nil {
		t.Errorf("%v; want success: it was the SDK's retry of the same transaction", err)
	}
	if len(network.bodies) != 2 || network.bodies[0] != network.bodies[1] {
		t.Errorf("%d requests; want two of the same token: %q", len(network.bodies), network.bodies)
	}
}

// counted is a DynamoDB that counts the ways to commit.
type counted struct {
	dynamostore.API
	puts, transactions int
}

func (c *counted) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	c.puts++
	return c.API.PutItem(ctx, in, options...)
}

func (c *counted) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, options ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	c.transactions++
	return c.API.TransactWriteItems(ctx, in, options...)
}

// TestRecordAloneIsPut checks that a unit of work without documents costs no transaction, and is still done once.
func TestRecordAloneIsPut(t *testing.T) {
	client, _ := newClient(t)
	api := &counted{API: client}
	store, runs := dynamostore.New(api, table), 0
	for _, repeated := range []bool{false, true} {
		_, again, err := inbox.Do(t.Context(), store, "unit", func(context.Context, *eventing.Tx) error { runs++; return nil })
		if err != nil || again != repeated {
			t.Errorf("repeated %t, error %v; want %t", again, err, repeated)
		}
	}
	if _, err := store.Try(t.Context(), "unit", func(context.Context, *eventing.Tx) error { return nil }); !errors.Is(err, inbox.ErrDuplicate) {
		t.Errorf("tried again: %v; want a duplicate", err)
	}
	if runs != 1 || api.puts != 2 || api.transactions != 0 {
		t.Errorf("%d runs, %d puts, %d transactions; want 1, 2 and none", runs, api.puts, api.transactions)
	}
	if _, err := store.Try(t.Context(), "other", saving("a", `1`)); err != nil || api.transactions != 1 {
		t.Errorf("with a document: %v, %d transactions", err, api.transactions)
	}
	alone := dynamostore.New(answer{err: &types.TransactionConflictException{}}, table)
	if _, err := alone.Try(t.Context(), "unit", func(context.Context, *eventing.Tx) error { return nil }); !errors.Is(err, inbox.ErrConflict) {
		t.Errorf("while another transaction writes the record: %v; want a conflict", err)
	}
}

func TestRecordExpires(t *testing.T) {
	client, _ := newClient(t)
	store := dynamostore.New(client, table)
	if _, err := store.Try(t.Context(), "unit", saving("a", `1`)); err != nil {
		t.Fatal(err)
	}
	pk := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "inbox#unit"}}
	out, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String(table), Key: pk})
	if err != nil {
		t.Fatal(err)
	}
	expires, ok := out.Item[dynamostore.TTLAttribute].(*types.AttributeValueMemberN)
	if !ok {
		t.Fatalf("the record has no number to expire by: %v", out.Item)
	}
	seconds, err := strconv.ParseInt(expires.Value, 10, 64)
	if left := time.Until(time.Unix(seconds, 0)); err != nil || left > inbox.Retention || left < inbox.Retention-time.Minute {
		t.Errorf("the record expires in %s (%v); want %s", left, err, inbox.Retention)
	}
	out.Item[dynamostore.TTLAttribute] = &types.AttributeValueMemberN{Value: "1"}
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(table), Item: out.Item}); err != nil {
		t.Fatal(err)
	}
	if record, err := store.Find(t.Context(), "unit"); err != nil || record == nil {
		t.Errorf("Find after its time = %v, %v; want the record: it counts until it is deleted", record, err)
	}
}

// answer is a DynamoDB that fails each commit.
type answer struct {
	dynamostore.API
	err error
}

func (a answer) TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	return nil, a.err
}

func (a answer) PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return nil, a.err
}

// TestFailures has the answers that a local DynamoDB does not give.
func TestFailures(t *testing.T) {
	cancelled := func(codes ...string) error {
		e := &types.TransactionCanceledException{}
		for _, code := range codes {
			e.CancellationReasons = append(e.CancellationReasons, types.CancellationReason{Code: &code})
		}
		return e
	}
	throttled := &types.ProvisionedThroughputExceededException{}
	for _, c := range []struct {
		name   string
		answer error
		want   error // nil: neither of the two
	}{
		{"the record is there", cancelled("ConditionalCheckFailed", "None"), inbox.ErrDuplicate},
		{"both are there", cancelled("ConditionalCheckFailed", "ConditionalCheckFailed"), inbox.ErrDuplicate},
		{"the document changed", cancelled("None", "ConditionalCheckFailed"), inbox.ErrConflict},
		{"the record is being written", cancelled("TransactionConflict", "None"), inbox.ErrConflict},
		{"the document is being written", cancelled("None", "TransactionConflict"), inbox.ErrConflict},
		{"a part is throttled", cancelled("None", "ThrottlingError"), nil},
		{"all is throttled", throttled, nil},
	} {
		_, err := dynamostore.New(answer{err: c.answer}, table).Try(t.Context(), "unit", saving("a", `1`))
		if c.want != nil && !errors.Is(err, c.want) || c.want == nil && !errors.Is(err, c.answer) {
			t.Errorf("%s: %v; want %v", c.name, err, c.want)
		}
		if c.want == nil && (errors.Is(err, inbox.ErrConflict) || errors.Is(err, inbox.ErrDuplicate)) {
			t.Errorf("%s: %v; want DynamoDB's own error", c.name, err)
		}
	}
}
