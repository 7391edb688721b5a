package console_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/console"
)

// offer is a request that the page offers.
type offer struct{ Story, Route, Method, Path, Body string }

// TestOffers checks that the first requests of stories are offered with new IDs each time, and every other route as
// declared.
func TestOffers(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	p.story("moored.txtar", "# A ship is moored.\nrequest PUT /ships/$story ship.json\n-- ship.json --\n{\"shipId\": \"$story\"}\n")
	offers := map[string]offer{}
	for _, o := range p.offers() {
		offers[o.Route] = o
	}
	lamp := offer{"A lamp that is lit is seen from the harbour.", "POST /lamps", "POST", "/lamps", `{"candelas": 500}`}
	if len(offers) != 4 || offers["POST /lamps"] != lamp {
		t.Errorf("offered are %+v, want four with %+v", offers, lamp)
	}
	if bare := (offer{Route: "GET /ships/{id}", Method: "GET", Path: "/ships/{id}"}); offers[bare.Route] != bare {
		t.Errorf("a route without a story is offered as %+v", offers[bare.Route])
	}
	moored := offers["PUT /ships/{id}"]
	id, is := strings.CutPrefix(moored.Path, "/ships/s-")
	if !is || moored.Body != `{"shipId": "s-`+id+`"}` {
		t.Errorf("the story's request is %+v", moored)
	}
	for _, o := range p.offers() {
		if o.Path == moored.Path {
			t.Errorf("%s is offered twice", o.Path)
		}
	}
	p.story("broken.txtar", "whistle\n")
	var refused refusal
	if got := p.ask("GET", "/api/requests", "", &refused); got != http.StatusInternalServerError || !strings.Contains(refused.Detail, "services/stories/broken.txtar:1: whistle") {
		t.Errorf("a broken story: status %d, %s", got, refused.Detail)
	}
}

func (p *playing) offers() (offers []offer) {
	p.t.Helper()
	p.ask("GET", "/api/requests", "", &offers)
	return offers
}

// story writes a story to the console's checkout.
func (p *playing) story(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.root, "services", "stories", name), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func TestRequest(t *testing.T) {
	t.Parallel()
	var sent string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = r.Method + " " + r.URL.String() + " " + r.Header.Get("Idempotency-Key") + " " + string(body)
		w.Header().Set("X-Correlation-Id", "c")
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"lampId": "l-1"}`)
	}))
	t.Cleanup(api.Close)
	p := play(t, func(o *console.Options) { o.API = api.URL })
	type header struct{ Name, Value string }
	for asked, want := range map[string]string{
		`{"method": "POST", "path": "/lamps", "body": "{\"n\":1}", "headers": [{"name": "idempotency-key", "value": "k"}]}`: `POST /lamps k {"n":1}`,
		`{"method": "GET", "path": "/ships/s-1?all=yes"}`:                                                                   `GET /ships/s-1?all=yes  `,
		`{"method": "PATCH", "path": "/nowhere"}`:                                                                           `PATCH /nowhere  `, // declared or not: the API answers itself
		`{"method": "GET", "path": "/@evil.example/"}`:                                                                      `GET /@evil.example/  `,
	} {
		var reply struct {
			Status    int
			Execution string
			Headers   []header
			Body      struct{ LampID string }
		}
		p.ask("POST", "/api/requests", asked, &reply)
		if sent != want || reply.Status != http.StatusAccepted || reply.Execution != "c" || reply.Body.LampID != "l-1" {
			t.Errorf("%s: sent %s, answered %+v", asked, sent, reply)
		}
		if !slices.Contains(reply.Headers, header{"X-Correlation-Id", "c"}) {
			t.Errorf("%s: answered with the headers %v", asked, reply.Headers)
		}
	}
	var reply struct {
		Status int
		Text   string
	}
	if p.ask("POST", "/api/requests", `{"method": "GET", "path": "/moved"}`, &reply); reply.Status != http.StatusFound || !strings.Contains(reply.Text, "elsewhere.example") {
		t.Errorf("a redirect is answered with %+v", reply)
	}
	for _, refused := range []string{"TRACE /lamps", "POST http://evil.example/", "GET @evil.example/", "GET lamps", "GET /%zz"} {
		method, path, _ := strings.Cut(refused, " ")
		if got := p.ask("POST", "/api/requests", `{"method": "`+method+`", "path": "`+path+`"}`, nil); got != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d, want 422", refused, got)
		}
	}
}
