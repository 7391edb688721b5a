package web_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/unit"
	"example.com/troupe/services/kit/web"
	"github.com/google/go-cmp/cmp"
)

// house is the tower's routes over a store and a bus in memory.
type house struct {
	tower  *tower.Tower
	store  *eventingtest.Memory
	bus    *tower.Bus
	log    *tower.Logbook
	router http.Handler
}

func newHouse(t *testing.T) *house {
	h := &house{tower: &tower.Tower{}, store: eventingtest.NewMemory(), bus: &tower.Bus{}, log: tower.CaptureLog(t)}
	h.serve(t, h.store)
	return h
}

// serve serves the tower's routes over a store.
func (h *house) serve(t *testing.T, store inbox.Driver) {
	declared, err := manifest.Parse("service.json", []byte(tower.Declaration))
	if err != nil {
		t.Fatal(err)
	}
	h.router = web.NewRouter(unit.New(declared, store, h.bus, true), []web.Route{
		{Pattern: "GET /bells/{name}", Handler: tower.Get},
		{Pattern: "POST /bells", Handler: h.tower.Post, Unit: true},
	})
}

// ask sends a request, its headers given as "Name: value", to a house.
func ask(t testing.TB, h *house, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(h.router)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Error(err) // not Fatal: ask is called by other goroutines too
		return &http.Response{}, ""
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response, string(answer)
}

// TestRequests meets every way in which a request ends.
func TestRequests(t *testing.T) {
	const ring = `{"bell":"tom","times":2}`
	for _, c := range []struct {
		name               string
		method, path, body string
		headers            []string
		before             func(*house)
		status             int
		contains           string
		want               map[string]string // headers
		outcome            events.Outcome    // "" for a request that is no unit of work
		effects, said      int
	}{
		{name: "accepted", body: ring, status: 202, contains: `"bell":"tom"`, outcome: events.Handled, effects: 1, said: 1,
			want: map[string]string{"Location": "/bells/tom", "Content-Type": "application/json"}},
		{name: "with a correlation id", body: ring, headers: []string{"X-Correlation-Id: flow-7"}, status: 202,
			outcome: events.Handled, effects: 1, said: 1, want: map[string]string{"X-Correlation-Id": "flow-7"}},
		{name: "the handler refuses", body: "[", status: 400, contains: `"hint":"ring one"`, outcome: events.Refused,
			want: map[string]string{"Content-Type": "application/problem+json"}},
		{name: "an error", body: `{"bell":"flaky","times":1}`, status: 500, contains: "Something went wrong", outcome: events.Retried},
		{name: "an error that passes", body: `{"bell":"hoarse","times":1}`, status: 503, outcome: events.Retried,
			want: map[string]string{"Retry-After": "90"}},
		{name: "a panic", body: `{"bell":"falling","times":1}`, status: 500, contains: "correlationId", outcome: events.Retried},
		{name: "an undeclared event", body: `{"bell":"undeclared","times":1}`, status: 500, outcome: events.Retried},
		{name: "an event that breaks its contract", body: `{"bell":"mute","times":1}`, status: 400,
			contains: `{"field":"/times","detail":"must be at least 1"}`, outcome: events.Refused},
		{name: "unpublished", body: ring, before: func(h *house) { h.bus.Fail = errors.New("away") }, status: 503,
			contains: "same Idempotency-Key", outcome: events.Retried, effects: 1},
		{name: "too large", body: strings.Repeat(" ", 1<<20+1), status: 413, outcome: events.Refused},
		{name: "a key too long", body: ring, headers: []string{"Idempotency-Key: " + strings.Repeat("k", 256)}, status: 400, outcome: events.Refused},
		{name: "a key with a blank", body: ring, headers: []string{"Idempotency-Key: a b"}, status: 400, contains: "visible ASCII", outcome: events.Refused},
		{name: "two keys", body: ring, headers: []string{"Idempotency-Key: a", "Idempotency-Key: b"}, status: 400, outcome: events.Refused},
		{name: "a query", method: "GET", path: "/bells/tom", before: ringOnce, status: 200, contains: `{"name":"tom","sum":2}`, effects: 1, said: 1},
		{name: "a query for nothing", method: "GET", path: "/bells/tim", status: 404, contains: "No such bell"},
		{name: "a query that panics", method: "GET", path: "/bells/falling", status: 500, contains: "correlationId"},
		{name: "a query that fails", method: "GET", path: "/bells/hoarse", status: 503, contains: "Not possible right now",
			want: map[string]string{"Retry-After": "2"}},
		{name: "a query that writes", method: "GET", path: "/bells/undeclared", status: 500},
		{name: "no such route", method: "GET", path: "/", status: 404, contains: "POST /bells",
			want: map[string]string{"Content-Type": "application/problem+json"}},
		{name: "another method", method: "PUT", path: "/bells/tom", status: 405, contains: "Method not allowed",
			want: map[string]string{"Allow": "GET, HEAD"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			if c.before != nil {
				c.before(h)
			}
			if c.method == "" {
				c.method, c.path = "POST", "/bells"
			}
			response, body := ask(t, h, c.method, c.path, c.body, c.headers...)
			if response.StatusCode != c.status || !strings.Contains(body, c.contains) {
				t.Errorf("answered %d %s, want %d with %q", response.StatusCode, body, c.status, c.contains)
			}
			if response.Header.Get("X-Correlation-Id") == "" {
				t.Error("no X-Correlation-Id")
			}
			for name, want := range c.want {
				if got := response.Header.Get(name); got != want {
					t.Errorf("header %s is %q, want %q", name, got, want)
				}
			}
			if effects := h.effects(t); effects != c.effects || len(h.bus.Published) != c.said {
				t.Errorf("%d effects and %d events, want %d and %d", effects, len(h.bus.Published), c.effects, c.said)
			}
			checkUnitStep(t, h, c.outcome, response, body)
		})
	}
}

// effects counts the bells that a unit of work has saved.
func (h *house) effects(t testing.TB) (n int) {
	for _, name := range []string{"tom", "flaky", "hoarse", "falling", "undeclared"} {
		body, _, err := h.store.Read(t.Context(), "bell/"+name)
		if err != nil {
			t.Fatal(err)
		}
		if body != nil {
			n++
		}
	}
	return n
}

// ringOnce is an earlier request, whose step is forgotten.
func ringOnce(h *house) {
	r := httptest.NewRequest("POST", "/bells", strings.NewReader(`{"bell":"tom","times":2}`))
	h.router.ServeHTTP(httptest.NewRecorder(), r)
	h.log.Reset()
}

func checkUnitStep(t *testing.T, h *house, outcome events.Outcome, response *http.Response, body string) {
	t.Helper()
	var found []events.Step
	for _, step := range h.log.Steps(t) {
		if step.EventType == "http" {
			found = append(found, step)
		}
	}
	if outcome == "" && len(found) == 0 {
		return
	}
	if len(found) != 1 || outcome == "" {
		t.Fatalf("steps: %+v", found)
	}
	step := found[0]
	if step.Outcome != outcome || step.Status != response.StatusCode || string(step.Out) != strings.TrimSpace(body) || step.Handler != "POST /bells" ||
		step.EventID == "" || step.CorrelationID != response.Header.Get("X-Correlation-Id") {
		t.Errorf("step: %+v", step)
	}
}

func TestRepeatedRequest(t *testing.T) {
	const ring = `{"bell":"tom","times":2}`
	long := strings.Repeat("k", 255)
	for _, key := range []string{"key-1", long} {
		h := newHouse(t)
		first, body := ask(t, h, "POST", "/bells", ring, "Idempotency-Key: "+key, "X-Correlation-Id: a")
		again, repeated := ask(t, h, "POST", "/bells", ring, "Idempotency-Key: "+key, "X-Correlation-Id: b")
		if again.Header.Get("Idempotency-Replayed") != "true" || first.Header.Get("Idempotency-Replayed") != "" {
			t.Errorf("replayed: %v, then %v", first.Header, again.Header)
		}
		again.Header.Del("Idempotency-Replayed")
		again.Header["Date"] = first.Header["Date"]
		if again.StatusCode != first.StatusCode || repeated != body || !maps.EqualFunc(first.Header, again.Header, equal) {
			t.Errorf("repeated: %d %s %v\nfirst: %d %s %v", again.StatusCode, repeated, again.Header, first.StatusCode, body, first.Header)
		}
		if diff := cmp.Diff(h.bus.Published[0], h.bus.Published[1]); diff != "" || h.tower.Runs.Load() != 1 {
			t.Errorf("%d runs; the repeat's event differs: %s", h.tower.Runs.Load(), diff)
		}
		other, problem := ask(t, h, "POST", "/bells", `{"bell":"tim","times":1}`, "Idempotency-Key: "+key)
		if other.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(problem, "idempotency key is taken") || len(h.bus.Published) != 2 {
			t.Errorf("another request with the key: %d %s; %d events", other.StatusCode, problem, len(h.bus.Published))
		}
	}
}

// TestKeysBelongToWhoAsks: one idempotency key of two callers is two units of work, and a
// request that differs in any part is not a repeat.
func TestKeysBelongToWhoAsks(t *testing.T) {
	const ring = `{"bell":"tom","times":2}`
	h := newHouse(t)
	for i, caller := range []string{"", "Bearer alice", "Bearer bob"} {
		for n := range 2 {
			headers := []string{"Idempotency-Key: k"}
			if caller != "" {
				headers = append(headers, "Authorization: "+caller)
			}
			answer, _ := ask(t, h, "POST", "/bells", ring, headers...)
			if replayed := answer.Header.Get("Idempotency-Replayed") != ""; answer.StatusCode != 202 || replayed != (n > 0) {
				t.Errorf("caller %d, request %d: %d, replayed: %t", i, n, answer.StatusCode, replayed)
			}
		}
	}
	for _, subject := range []string{"carol", "dave"} { // whatever token they have at the moment
		for n, token := range []string{"first", "second"} {
			r := httptest.NewRequest("POST", "/bells", strings.NewReader(ring))
			r.Header.Set("Idempotency-Key", "k")
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			h.router.ServeHTTP(w, r.WithContext(web.WithPrincipal(r.Context(), subject)))
			if replayed := w.Header().Get("Idempotency-Replayed") != ""; w.Code != 202 || replayed != (n > 0) {
				t.Errorf("%s, request %d: %d, replayed: %t", subject, n, w.Code, replayed)
			}
		}
	}
	if ids := slices.Compact(slices.Sorted(slices.Values(h.bus.IDs()))); len(ids) != 5 || h.tower.Runs.Load() != 5 {
		t.Errorf("%d runs and events %q of five callers", h.tower.Runs.Load(), ids)
	}
	if other, _ := ask(t, h, "POST", "/bells?loud=true", ring, "Idempotency-Key: k"); other.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("with another query: %d", other.StatusCode)
	}
}

// TestAClientThatLeaves goes away while its request is handled: what it asked for happens
// nevertheless, and is published.
func TestAClientThatLeaves(t *testing.T) {
	h := newHouse(t)
	ctx, leave := context.WithCancel(t.Context())
	h.serve(t, &leaving{h.store, leave})
	r := httptest.NewRequestWithContext(ctx, "POST", "/bells", strings.NewReader(`{"bell":"tom","times":2}`))
	h.router.ServeHTTP(httptest.NewRecorder(), r)
	if steps := h.log.Steps(t); len(h.bus.Published) != 1 || len(steps) != 1 || steps[0].Outcome != events.Handled {
		t.Errorf("%d events, steps %+v", len(h.bus.Published), steps)
	}
}

// away is a store in an outage: of all its calls, of reads, or of commits whose effect nobody knows.
type away struct {
	*eventingtest.Memory
	find, read, commit error
}

func (a *away) Find(ctx context.Context, key string) (*eventing.Record, error) {
	record, err := a.Memory.Find(ctx, key)
	return record, errors.Join(err, a.find)
}

func (a *away) Read(ctx context.Context, key string) ([]byte, int64, error) {
	body, version, err := a.Memory.Read(ctx, key)
	return body, version, errors.Join(err, a.read)
}

func (a *away) Try(ctx context.Context, key string, work eventing.Work) (eventing.Commit, error) {
	commit, err := work.Run(ctx, a)
	return commit, errors.Join(err, a.commit)
}

// TestAnOutageIsNotTheEnd: a client is told to ask again with its key, and not that its request had no effect.
func TestAnOutageIsNotTheEnd(t *testing.T) {
	out := errors.New("the store is away")
	for name, store := range map[string]*away{"find": {find: out}, "read": {read: out}, "commit": {commit: out}} {
		h := newHouse(t)
		store.Memory = h.store
		h.serve(t, store)
		answer, body := ask(t, h, "POST", "/bells", `{"bell":"tom","times":2}`)
		if answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", name, answer.StatusCode, body)
		}
	}
}

// leaving is a store whose client leaves when a unit of work has been committed.
type leaving struct {
	*eventingtest.Memory
	leave func()
}

func (l *leaving) Try(ctx context.Context, key string, work eventing.Work) (eventing.Commit, error) {
	defer l.leave()
	return l.Memory.Try(ctx, key, work)
}

func equal(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }

// TestRepeatPublishesWhatTheFirstCouldNot asks again after an answer of 503.
func TestRepeatPublishesWhatTheFirstCouldNot(t *testing.T) {
	h := newHouse(t)
	h.bus.Fail = errors.New("away")
	failed, _ := ask(t, h, "POST", "/bells", `{"bell":"tom","times":2}`, "Idempotency-Key: k")
	h.bus.Fail = nil
	again, _ := ask(t, h, "POST", "/bells", `{"bell":"tom","times":2}`, "Idempotency-Key: k")
	if failed.StatusCode != 503 || again.StatusCode != 202 || len(h.bus.Published) != 1 || h.tower.Runs.Load() != 1 {
		t.Errorf("%d, then %d; %d events, %d runs", failed.StatusCode, again.StatusCode, len(h.bus.Published), h.tower.Runs.Load())
	}
}

func TestConcurrentDuplicatesHaveOneEffect(t *testing.T) {
	h := newHouse(t)
	var asking sync.WaitGroup
	bodies := make([]string, 20)
	for i := range bodies {
		asking.Go(func() {
			_, bodies[i] = ask(t, h, "POST", "/bells", `{"bell":"tom","times":2}`, "Idempotency-Key: k")
		})
	}
	asking.Wait()
	for _, body := range bodies {
		if body != bodies[0] || !strings.Contains(body, `"bell":"tom"`) {
			t.Errorf("answered %s and %s", bodies[0], body)
		}
	}
	for _, id := range h.bus.IDs() {
		if id != h.bus.IDs()[0] {
			t.Errorf("two events: %s and %s", id, h.bus.IDs()[0])
		}
	}
	if body, version, _ := h.store.Read(t.Context(), "bell/tom"); version != 1 || string(body) != `{"name":"tom","sum":2}` {
		t.Errorf("version %d: %s", version, body)
	}
}
