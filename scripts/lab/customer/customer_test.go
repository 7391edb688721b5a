package customer_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/lab/always"
	"example.com/troupe/scripts/lab/customer"
	"example.com/troupe/services/kit/invariant"
)

func parse(t *testing.T, name, text string) *stories.Story {
	t.Helper()
	s, err := stories.Parse(stories.Folder+"/"+name+".txtar", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParts(t *testing.T) {
	parts := customer.Parts([]*stories.Story{
		parse(t, "crossing", "# A crossing.\nconfig ferry DELAY=3s\nset name x\nrequest POST /crossings\nstatus 202\n"+
			"until GET /crossings/1 .state done\nsettle\nsaw ferry x.v1\n! request GET /none\n! publish x.v1\ndead-letter ferry 'too late' text\n"),
		parse(t, "watching", "saw ferry x.v1\nsettle\n"),
		parse(t, "local", "only local\npublish x.v1\n"),
		parse(t, "rights", "publish -as ferry x.v1\n"),
		parse(t, "wrong", "publish -unchecked x.v1\n"),
	})
	if len(parts) != 1 || parts[0].Name != "crossing" {
		t.Fatalf("customers play %v", parts)
	}
	var verbs []string
	for _, line := range parts[0].Lines {
		verbs = append(verbs, line.Verb)
	}
	if got := strings.Join(verbs, " "); got != "set request status until request" {
		t.Errorf("a customer's lines are %s", got)
	}
	if want := (always.Expected{Service: "ferry", Reason: "too late"}); len(parts[0].Ends) != 1 || parts[0].Ends[0] != want {
		t.Errorf("it ends in %v", parts[0].Ends)
	}
}

// clerk responds to a customer's requests as the test requires.
type clerk struct {
	answers []int // statuses; 0 means no response
	keys    []string
	chances bool
	patient bool
	broken  []string
	log     *always.Log
}

func (c *clerk) client() *customer.Client {
	c.log = always.New([]*manifest.Manifest{{Name: "ferry", Store: manifest.DynamoDB, HTTP: []string{"POST /x", "DELETE /x"}}},
		func(v invariant.Violation) { c.broken = append(c.broken, v.String()) })
	return &customer.Client{
		Log: c.log,
		Send: func(r *http.Request, body []byte) (int, http.Header, []byte) {
			status := c.answers[0]
			c.answers, c.keys = c.answers[1:], append(c.keys, r.Header.Get("Idempotency-Key")+string(body))
			return status, http.Header{}, []byte{byte(len(c.answers))}
		},
		Pause:  func(time.Duration) bool { return c.patient },
		Chance: func(int) bool { return c.chances },
	}
}

func request(t *testing.T, method, key string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://api/x", strings.NewReader("-body"))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	return r
}

// TestInsisting checks that a request is repeated with the same key and body until there is a response.
func TestInsisting(t *testing.T) {
	c := &clerk{answers: []int{0, 503, 429, 202}, patient: true}
	response, err := c.client().RoundTrip(request(t, "POST", "k"))
	if err != nil || response.StatusCode != 202 || strings.Join(c.keys, " ") != "k-body k-body k-body k-body" {
		t.Errorf("%v, %v after %v", response, err, c.keys)
	}
	if w := c.log.World(); len(w.Requests) != 1 || string(w.Requests[0].Body) != "-body" {
		t.Errorf("the log has %+v", w.Requests)
	}
	c = &clerk{answers: []int{404}, patient: true}
	if response, err := c.client().RoundTrip(request(t, "POST", "k")); err != nil || response.StatusCode != 404 || len(c.log.World().Requests) != 0 {
		t.Errorf("refused: %v, %v", response, err)
	}
}

// TestAsking checks that some customers repeat a successful request, and that different responses are reported.
func TestAsking(t *testing.T) {
	c := &clerk{answers: []int{202, 0, 202}, patient: true, chances: true}
	if _, err := c.client().RoundTrip(request(t, "POST", "k")); err != nil || len(c.answers) != 0 {
		t.Errorf("%v, and %d answers are left", err, len(c.answers))
	}
	if len(c.broken) != 1 || !strings.HasPrefix(c.broken[0], "a request has one answer") {
		t.Errorf("broken: %v", c.broken)
	}
	c = &clerk{answers: []int{200, 200}, patient: true, chances: true}
	if _, err := c.client().RoundTrip(request(t, "GET", "")); err != nil || len(c.answers) != 1 {
		t.Errorf("without a key: %v, and %d answers are left", err, len(c.answers))
	}
}

// TestLeaving checks that a customer who deletes may give up, and that all do when the run ends.
func TestLeaving(t *testing.T) {
	for name, c := range map[string]*clerk{
		"DELETE": {answers: []int{0}, patient: true, chances: true},
		"POST":   {answers: []int{0}},
	} {
		if _, err := c.client().RoundTrip(request(t, name, "k")); !errors.Is(err, customer.ErrLeft) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
