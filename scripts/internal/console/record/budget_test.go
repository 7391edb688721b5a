package record_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
)

// chain reports an execution of nine steps to a store, as a source does: every text is the store's own. Each step
// publishes what the next one receives.
func chain(s *record.Store, id string) {
	data := func(n int) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"of":%q,"n":%d,"text":%q}`, id, n, strings.Repeat("x", 300)))
	}
	event := func(n int) string { return fmt.Sprintf("%s-%032d", id, n) }
	for n := range 9 {
		hop := func(kind record.Kind) {
			ref := record.EventRef{ID: event(n), Type: strings.Clone("lit.v1"), Subject: strings.Clone("s-" + id), CorrelationID: strings.Clone(id)}
			s.Hop(record.Hop{Time: at(n), Kind: kind, Service: "harbour", Event: ref})
		}
		hop(record.Queued)
		hop(record.Received)
		s.Step(events.Step{
			Service: "harbour", Handler: strings.Clone("Quay.Light"), EventID: event(n), EventType: strings.Clone("lit.v1"), Subject: strings.Clone("s-" + id),
			CorrelationID: strings.Clone(id), CausationID: event(n - 1), StartedAt: at(n), Outcome: events.Outcome(strings.Clone("handled")), In: data(n),
			Published: append(make([]events.Published, 0, 4), events.Published{ID: event(n + 1), Type: strings.Clone("lit.v1"), Data: data(n + 1)}),
			Changes:   append(make([]events.StateChange, 0, 4), events.StateChange{Key: id, After: data(n)}),
		})
		hop(record.Acknowledged)
	}
}

func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestBudget reports several times what a store may hold, and checks that the heap grows by about that much, and that
// the executions that remain are the last ones, whole, and a list says how many are gone.
func TestBudget(t *testing.T) {
	const budget, executions = 4 << 20, 2000
	s := store(t, record.Limits{Executions: 100_000, Steps: 500, Bytes: budget})
	before := heap()
	for n := range executions {
		chain(s, fmt.Sprintf("c-%06d", n))
	}
	used := heap() - before
	page := s.List(record.Query{Limit: executions})
	t.Logf("%d executions in %d bytes, %d each", page.Kept, used, used/page.Kept)
	if used > budget*11/10 || used < budget*7/10 {
		t.Errorf("the heap grew by %d bytes with a budget of %d", used, budget)
	}
	if page.Gone == 0 || page.Kept+page.Gone != executions || page.Bytes != budget || len(page.Executions) != page.Kept {
		t.Errorf("%d are kept, %d listed and %d gone of %d", page.Kept, len(page.Executions), page.Gone, executions)
	}
	for i, summary := range page.Executions {
		e, found := s.Execution(summary.ID)
		if want := fmt.Sprintf("c-%06d", executions-1-i); summary.ID != want || !found || !e.Payloads || e.Steps != 9 {
			t.Fatalf("execution %d is %s with %d steps, want %s with 9", i, summary.ID, summary.Steps, want)
		}
	}
	runtime.KeepAlive(s)
}

// TestTouched checks that an execution to which something happens outlasts younger ones.
func TestTouched(t *testing.T) {
	s := store(t, record.Limits{Executions: 100_000, Steps: 500, Bytes: 1 << 20})
	chain(s, "old")
	chain(s, "idle")
	for n := range 500 {
		chain(s, fmt.Sprintf("c-%d", n))
		s.Hop(record.Hop{Time: at(n), Kind: record.Queued, Service: "harbour", Event: record.EventRef{ID: "e", Type: "lit.v1", CorrelationID: "old"}})
	}
	if _, found := s.Execution("idle"); found {
		t.Error("the idle execution is still kept")
	}
	e, found := s.Execution("old")
	if page := s.List(record.Query{Limit: 1000}); !found || e.Steps != 9 || page.Executions[len(page.Executions)-1].ID != "old" {
		t.Errorf("the old execution is not kept whole, at the end of the list: %v", found)
	}
}
