package dynamostore_test

import (
	"context"
	"fmt"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/dynamostore"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// counting counts the calls for one item, and may leave one out of a batch.
type counting struct {
	dynamostore.API
	gets  int
	leave string
}

func (c *counting) GetItem(ctx context.Context, in *dynamodb.GetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	c.gets++
	return c.API.GetItem(ctx, in, options...)
}

func (c *counting) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	out, err := c.API.BatchGetItem(ctx, in, options...)
	if err == nil && c.leave != "" {
		left := types.KeysAndAttributes{Keys: []map[string]types.AttributeValue{{"pk": &types.AttributeValueMemberS{Value: c.leave}}}}
		out.UnprocessedKeys = map[string]types.KeysAndAttributes{table: left}
	}
	return out, err
}

func TestPrefetch(t *testing.T) {
	client, _ := newClient(t)
	api := &counting{API: client}
	store := dynamostore.New(api, table)
	if _, err := store.Try(t.Context(), "done", saving("a", `1`)); err != nil {
		t.Fatal(err)
	}
	prefetch := func(records, documents []string) inbox.Prefetched {
		api.gets = 0
		view, err := store.Prefetch(t.Context(), records, documents)
		if err != nil {
			t.Fatal(err)
		}
		return view
	}
	check := func(name string, view inbox.Driver, gets int) {
		t.Helper()
		record, err1 := view.Find(t.Context(), "done")
		none, err2 := view.Find(t.Context(), "new")
		body, version, err3 := view.Read(t.Context(), "a")
		nothing, zero, err4 := view.Read(t.Context(), "b")
		if record == nil || none != nil || string(body) != `1` || version != 1 || nothing != nil || zero != 0 {
			t.Errorf("%s: records %v and %v, documents %s at %d and %s at %d", name, record, none, body, version, nothing, zero)
		}
		for _, err := range []error{err1, err2, err3, err4} {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if api.gets != gets {
			t.Errorf("%s: %d calls, want %d", name, api.gets, gets)
		}
	}
	view := prefetch([]string{"done", "new", "new"}, []string{"a", "b"})
	check("the first time", view, 0)
	check("the second time", view, 4)
	batch := prefetch([]string{"done", "new"}, []string{"a", "b"})
	first, second := batch.Share("done", []string{"a", "b"}), batch.Share("new", []string{"a"})
	check("its own", first, 1) // the record "new" is another's
	check("what is left of a shared one", second, 4)
	check("fresh", prefetch([]string{"done", "new"}, []string{"a", "b"}).Fresh(), 4)
	check("nothing", prefetch([]string{"other"}, nil), 4)
	api.leave = "doc#a"
	check("left out", prefetch([]string{"done", "new"}, []string{"a", "b"}), 1)
	api.leave = ""
	var many []string
	for i := range 120 {
		many = append(many, fmt.Sprint("z", i))
	}
	check("more than one call reads", prefetch([]string{"done", "new"}, append(many, "a", "b")), 2)
}

// TestPrefetchedTooEarly commits other units of work between a prefetch and its use.
func TestPrefetchedTooEarly(t *testing.T) {
	client, _ := newClient(t)
	store := dynamostore.New(client, table)
	view, err := store.Prefetch(t.Context(), []string{"late", "twice"}, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"meanwhile", "twice"} {
		if _, err := store.Try(t.Context(), key, saving(map[string]string{"meanwhile": "a", "twice": "b"}[key], `1`)); err != nil {
			t.Fatal(err)
		}
	}
	runs := 0
	_, _, err = inbox.Do(t.Context(), view, "late", func(ctx context.Context, tx *eventing.Tx) error {
		runs++
		_, err := tx.Load(ctx, &document{key: "a"})
		tx.Save(&document{"a", fmt.Sprint(runs)})
		return err
	})
	if body, version, _ := store.Read(t.Context(), "a"); err != nil || runs != 2 || version != 2 || string(body) != "2" {
		t.Errorf("%d runs, %s at version %d: %v; want the second run's", runs, body, version, err)
	}
	if _, repeated, err := inbox.Do(t.Context(), view, "twice", saving("c", `1`)); err != nil || !repeated {
		t.Errorf("a unit of work that was committed meanwhile: repeated %t, %v", repeated, err)
	}
}
