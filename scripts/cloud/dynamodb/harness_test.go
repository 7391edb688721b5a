package dynamodb_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/dynamodb"
)

// start serves a new service over HTTP and returns both the service and a client.
func start(t testing.TB) (*dynamodb.Service, *sdk.Client) {
	service := dynamodb.New()
	server := httptest.NewServer(http.HandlerFunc(service.Wire().ServeJSON))
	t.Cleanup(server.Close)
	return service, client(server.URL, http.DefaultClient)
}

// direct returns a client that calls a new service without a network, for tests in virtual time.
func direct() *sdk.Client {
	return client("http://dynamodb", roundTrip(dynamodb.New().Wire().ServeJSON))
}

type roundTrip http.HandlerFunc

func (handle roundTrip) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	handle(w, r)
	return w.Result(), nil
}

func client(url string, transport sdk.HTTPClient) *sdk.Client {
	return sdk.New(sdk.Options{
		BaseEndpoint:     &url,
		Region:           "us-east-1",
		Credentials:      credentials.NewStaticCredentialsProvider("key", "secret", ""),
		RetryMaxAttempts: 1,
		HTTPClient:       transport,
	})
}

// failure formats an AWS error as "Code: message". It returns "" for nil.
func failure(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode() + ": " + e.ErrorMessage()
	}
	return err.Error()
}

func as[E error](err error) (E, bool) { return errors.AsType[E](err) }

// wantFailure fails the test unless err is the wanted error.
func wantFailure(t *testing.T, err error, want string) {
	t.Helper()
	if got := failure(err); got != want {
		t.Errorf("error\n got %s\nwant %s", got, want)
	}
}

func wantSame(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(failure(err))
		}
		return v
	}
}

// table creates a table with a key written as "pk:S sk:N".
func table(t testing.TB, c *sdk.Client, name, key string, change ...func(*sdk.CreateTableInput)) {
	t.Helper()
	in := &sdk.CreateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest}
	in.KeySchema, in.AttributeDefinitions = schema(key)
	for _, f := range change {
		f(in)
	}
	if _, err := c.CreateTable(context.Background(), in); err != nil {
		t.Fatal(failure(err))
	}
}

func schema(key string) (keys []types.KeySchemaElement, definitions []types.AttributeDefinition) {
	for i, attribute := range strings.Fields(key) {
		name, kind, _ := strings.Cut(attribute, ":")
		keys = append(keys, types.KeySchemaElement{AttributeName: &name, KeyType: []types.KeyType{"HASH", "RANGE"}[min(i, 1)]})
		definitions = append(definitions, types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeType(kind)})
	}
	return keys, definitions
}

// put stores items.
func put(t testing.TB, c *sdk.Client, name string, items ...plain) {
	t.Helper()
	for _, p := range items {
		if _, err := c.PutItem(context.Background(), &sdk.PutItemInput{TableName: &name, Item: item(p)}); err != nil {
			t.Fatal(failure(err))
		}
	}
}

func get(t testing.TB, c *sdk.Client, name string, key plain) plain {
	t.Helper()
	out, err := c.GetItem(context.Background(), &sdk.GetItemInput{TableName: &name, Key: item(key), ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(failure(err))
	}
	return unitem(out.Item)
}

// text returns a pointer to s, or nil if s is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
