package stories_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	_ "modernc.org/sqlite"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/stack"
)

// astronomer is the address that the fixture's schemas mark as personal.
const astronomer = "henrietta@example.com"

// TestErase lets an astronomer's address travel through all services, looks for it in what they log, and erases it: from
// DynamoDB, from SQL and from dead letters. What is delivered again afterwards has no second effect.
func TestErase(t *testing.T) {
	if observatory.Tap() == nil {
		t.Skip("another endpoint's services log elsewhere")
	}
	t.Parallel()
	e := newErasing(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	const request = `{"email": "` + astronomer + `", "target": "Andromeda", "site": "ridge", "night": "2031-06-02", "sky": "dark"}`
	id := e.request(ctx, request)
	requested := e.step(ctx, "scheduling", "observation.requested.v1", id)
	e.step(ctx, "herald", "observation.completed.v1", id)
	e.until(ctx, 0)
	publish(ctx, t, e.at, example(t, e.at, "observation.requested.v1", map[string]any{"night": 7, "email": astronomer}))
	e.until(ctx, 2) // at the desk and at scheduling
	if logged := e.logged(); strings.Contains(logged, astronomer) || strings.Count(logged, "[personal]") < 8 {
		t.Errorf("the services log:\n%s", logged)
	}

	found := e.report(ctx, "-subject", astronomer)
	if desk, herald, dome := found["desk"], found["herald"], found["dome"]; len(desk.Documents) != 1 || desk.Documents[0].Key != "doc#observation/"+id || len(desk.Records) < 2 || desk.DeadLetters != 1 ||
		len(herald.Records) != 1 || len(dome.Documents) != 1 || found["scheduling"].DeadLetters != 1 || len(found["scheduling"].Records) != 0 {
		t.Errorf("found %+v", found)
	}
	e.says(ctx, 2, []string{"-subject", astronomer}, "desk", "idempotency records", "archive: events with personal data are there for 60 days", "nothing was removed")
	e.says(ctx, 0, []string{"-subject", astronomer, "-yes"}, "Erased")
	e.says(ctx, 0, []string{"-subject", astronomer, "-yes"}, "There is nothing to remove")
	e.until(ctx, 0)
	if kept := e.kept(ctx); strings.Contains(kept, astronomer) || !strings.Contains(kept, `"email":null`) || !strings.Contains(kept, `"mail":null`) {
		t.Errorf("the services keep\n%s", kept)
	}
	e.says(ctx, 0, []string{"-subject", id, "-yes"}, "There is nothing to remove", "log group") // steps mention the observation

	again := example(t, e.at, "observation.requested.v1", map[string]any{"observationId": id, "email": astronomer})
	again.Envelope.Metadata.ID, again.Envelope.Metadata.CorrelationID = requested.EventID, requested.CorrelationID
	publish(ctx, t, e.at, again)
	if step := e.repeated(ctx, "desk", requested.EventID); len(step.Published) > 1 || step.Error != "" {
		t.Errorf("the repeat is %+v", step)
	}
	e.until(ctx, 0)
}

// erasing is a system with an astronomer in it.
type erasing struct {
	t     *testing.T
	at    *stack.Stack
	erase command
	data  string

	mu    sync.Mutex
	lines strings.Builder
}

func newErasing(t *testing.T) *erasing {
	e := &erasing{t: t, data: t.TempDir()}
	var err error
	if e.at, err = start(t.Context(), stack.Options{Root: root, Data: e.data, Line: e.line}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStack(t, e.at) })
	e.erase = buildCommand(t, e.at, "erase")
	_, err = e.dome().ExecContext(t.Context(), `INSERT INTO inbox_documents (id, version, body) VALUES ('plan', 1, $1)`,
		`{"observer": {"name": "Leavitt", "mail": "`+astronomer+`"}}`)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *erasing) line(service string, line []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines.WriteString(service + ": " + string(line) + "\n")
}

func (e *erasing) logged() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lines.String()
}

// dome opens the database of the dome.
func (e *erasing) dome() *sql.DB {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(e.data, "workers", "dome.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { _ = db.Close() })
	return db
}

// request requests an observation and returns its ID.
func (e *erasing) request(ctx context.Context, body string) string {
	e.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.at.API+"/observations", strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer response.Body.Close()
	var accepted struct{ ObservationID string }
	if err := json.NewDecoder(response.Body).Decode(&accepted); err != nil || accepted.ObservationID == "" {
		e.t.Fatalf("status %d: %v", response.StatusCode, err)
	}
	return accepted.ObservationID
}

func (e *erasing) step(ctx context.Context, service, eventType, subject string) events.Step {
	return e.find(ctx, func(s events.Step) bool {
		return s.Service == service && s.EventType == eventType && s.Subject == subject && s.Outcome == events.Handled
	})
}

func (e *erasing) repeated(ctx context.Context, service, event string) events.Step {
	return e.find(ctx, func(s events.Step) bool {
		return s.Service == service && s.EventID == event && s.Outcome == events.Repeated
	})
}

func (e *erasing) find(ctx context.Context, holds func(events.Step) bool) events.Step {
	e.t.Helper()
	step, err := e.at.Steps.Find(ctx, holds)
	if err != nil {
		e.t.Fatalf("%v\n%s", err, e.logged())
	}
	return step
}

// until waits until the queues are empty but for dead letters.
func (e *erasing) until(ctx context.Context, letters int) {
	e.t.Helper()
	report, err := e.at.Watch().Wait(ctx)
	if err != nil {
		e.t.Fatal(err)
	}
	n := 0
	for _, depth := range report.DeadLetters {
		n += depth.Visible
	}
	if n != letters {
		e.t.Errorf("%d dead letters, want %d", n, letters)
	}
}

type erasable struct {
	Name               string
	Documents, Records []struct{ Key string }
	DeadLetters        int
}

// report asks where a subject is, by service.
func (e *erasing) report(ctx context.Context, arguments ...string) map[string]erasable {
	e.t.Helper()
	code, printed := e.erase.run(ctx, append(arguments, "-json", "-data", e.data)...)
	var found struct{ Services []erasable }
	if err := json.Unmarshal([]byte(printed), &found); err != nil || code != 0 {
		e.t.Fatalf("exit %d, %v:\n%s", code, err, printed)
	}
	services := map[string]erasable{}
	for _, s := range found.Services {
		services[s.Name] = s
	}
	return services
}

func (e *erasing) says(ctx context.Context, code int, arguments []string, parts ...string) {
	e.t.Helper()
	got, printed := e.erase.run(ctx, append(arguments, "-data", e.data)...)
	if got != code {
		e.t.Errorf("erase %q: exit %d, want %d\n%s", arguments, got, code, printed)
	}
	for _, part := range parts {
		if !strings.Contains(printed, part) {
			e.t.Errorf("erase %q does not say %q:\n%s", arguments, part, printed)
		}
	}
}

// kept returns all that services keep, as text.
func (e *erasing) kept(ctx context.Context) string {
	e.t.Helper()
	var kept strings.Builder
	client := dynamodb.NewFromConfig(e.at.Config())
	for _, s := range e.at.Topology().Services {
		if s.Table == nil {
			continue
		}
		out, err := client.Scan(ctx, &dynamodb.ScanInput{TableName: &s.Table.Name})
		if err != nil {
			e.t.Fatal(err)
		}
		for _, item := range out.Items {
			for _, name := range []string{"pk", "body", "record"} {
				if text, is := item[name].(*types.AttributeValueMemberS); is {
					kept.WriteString(name + " " + text.Value + "\n")
				}
			}
		}
	}
	rows, err := e.dome().QueryContext(ctx, `SELECT body FROM inbox_documents UNION ALL SELECT record FROM inbox_records`)
	if err != nil {
		e.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			e.t.Fatal(err)
		}
		kept.WriteString(text + "\n")
	}
	return kept.String()
}
