package console_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/record"
)

// TestGone checks that a user learns what the console has let go, in the list and where a link to it leads.
func TestGone(t *testing.T) {
	t.Parallel()
	p := play(t, func(o *console.Options) { o.Limits = record.Limits{Executions: 1000, Steps: 10, Bytes: 1 << 20} })
	const sent = 300
	for n := range sent {
		p.source.Step(events.Step{
			Service: "pilot", EventID: fmt.Sprint("e-", n), EventType: "wave.measured.v1", CorrelationID: fmt.Sprint("c-", n), StartedAt: time.Now(), Outcome: events.Handled,
			In: json.RawMessage(`"` + strings.Repeat("x", 10_000) + `"`),
		})
	}
	p.execution(fmt.Sprint("c-", sent-1), func(e record.Execution) bool { return e.Payloads })
	var page record.Page
	if p.ask(http.MethodGet, "/api/executions?limit=200", "", &page); page.Gone == 0 || page.Kept+page.Gone != sent || page.Bytes != 1<<20 {
		t.Errorf("%d are kept and %d gone of %d", page.Kept, page.Gone, sent)
	}
	var problem struct{ Detail string }
	const want = "No execution c-0 is known: the console keeps the last 1 MB of executions, and at most 1000."
	if status := p.ask(http.MethodGet, "/api/executions/c-0", "", &problem); status != http.StatusNotFound || problem.Detail != want {
		t.Errorf("%d, %q; want 404, %q", status, problem.Detail, want)
	}
}
