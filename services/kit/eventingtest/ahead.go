package eventingtest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"github.com/google/go-cmp/cmp"
)

// ahead are the promises of a driver that reads for many units of work at once.
var ahead = map[string]func(*testing.T, bench){
	"what is read ahead is what is there":       readAhead,
	"the second that expects it reads itself":   readAheadOnce,
	"more than one call holds":                  readAheadMany,
	"what was read too early is read once more": readTooEarly,
}

// readAhead reads ahead, where the driver can do so.
func (b bench) readAhead(t *testing.T, units ...inbox.Expected) []inbox.Ahead {
	t.Helper()
	reader, ok := b.Driver.(inbox.AheadReader)
	if !ok {
		t.Skip("this driver does not read ahead")
	}
	aheads, err := reader.ReadAhead(t.Context(), units)
	if err != nil || len(aheads) != len(units) {
		t.Fatalf("ReadAhead of %d units: %d, %v", len(units), len(aheads), err)
	}
	return aheads
}

func readAhead(t *testing.T, b bench) {
	record := full()
	err := b.Try(t.Context(), "done", func(context.Context, eventing.State) (inbox.Commit, error) {
		return inbox.Commit{Record: record, Changes: []eventing.Change{save("a", 0, `{"n":1}`)}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := b.readAhead(t, inbox.Expected{Key: "done", Documents: []string{"a"}}, inbox.Expected{Key: "new", Documents: []string{"b"}})
	if !got[0].Known || text(got[0].Record) != text(&record) || !got[1].Known || got[1].Record != nil {
		t.Errorf("records: %+v", got)
	}
	want := []map[string]inbox.Document{{"a": {Body: []byte(`{"n":1}`), Version: 1}}, {"b": {}}}
	if diff := cmp.Diff(want, []map[string]inbox.Document{got[0].Documents, got[1].Documents}); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
}

func readAheadOnce(t *testing.T, b bench) {
	unit := inbox.Expected{Key: "one", Documents: []string{"a", "b"}}
	got := b.readAhead(t, unit, inbox.Expected{Key: "two", Documents: []string{"b", "c"}})
	if _, first := got[0].Documents["b"]; !first || len(got[0].Documents) != 2 {
		t.Errorf("the first: %+v", got[0])
	}
	if _, second := got[1].Documents["b"]; second || len(got[1].Documents) != 1 {
		t.Errorf("the second: %+v", got[1])
	}
}

func readAheadMany(t *testing.T, b bench) {
	const n = 120 // units of two keys: more than two calls of 100
	var units []inbox.Expected
	for i := range n {
		b.must(t, fmt.Sprint("unit ", i), save(fmt.Sprint("many/", i), 0, `{}`))
		units = append(units, inbox.Expected{Key: fmt.Sprint("unit ", i), Documents: []string{fmt.Sprint("many/", i)}})
	}
	for i, got := range b.readAhead(t, units...) {
		if got.Record == nil || got.Documents[units[i].Documents[0]].Version != 1 {
			t.Errorf("unit %d: %+v", i, got)
		}
	}
}

func readTooEarly(t *testing.T, b bench) {
	got := b.readAhead(t, inbox.Expected{Key: "late", Documents: []string{"a"}})[0]
	b.must(t, "meanwhile", save("a", 0, `{"n":1}`))
	runs := 0
	_, _, err := inbox.Inbox{Driver: b}.Do(t.Context(), "late", got, func(ctx context.Context, state eventing.State) (inbox.Commit, error) {
		runs++
		body, version, err := state.Read(ctx, "a")
		return inbox.Commit{Changes: []eventing.Change{{Key: "a", Version: version, Body: json.RawMessage(fmt.Sprintf("[%s]", body))}}}, err
	})
	if err != nil || runs != 2 {
		t.Fatalf("after %d runs: %v", runs, err)
	}
	b.wantDocument(t, "a", `[{"n":1}]`, 2)

	got = b.readAhead(t, inbox.Expected{Key: "twice"})[0]
	b.must(t, "twice")
	if _, repeated, err := (inbox.Inbox{Driver: b}).Do(t.Context(), "twice", got, func(context.Context, eventing.State) (inbox.Commit, error) {
		return inbox.Commit{}, nil
	}); !repeated || err != nil {
		t.Errorf("a unit that was committed meanwhile: repeated %t, %v", repeated, err)
	}
}
