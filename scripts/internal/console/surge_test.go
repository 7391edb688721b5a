package console_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/surge"
)

// encoded returns a surge as make surge sends it.
func encoded(t *testing.T, change func(*surge.Run)) string {
	t.Helper()
	r := &surge.Run{Asked: surge.Burst{Rate: 100, Seconds: 1, Capacity: 10}, Retry: surge.Retry{Times: 3, Seconds: 20}}
	r.Burst = r.Asked
	r.Add(surge.Sample{At: 1, Arrived: 100, Webhook: surge.Count{Completed: 10, Waiting: 90, Refused: 90}, Queue: surge.Count{Completed: 11, Waiting: 89}})
	if change != nil {
		change(r)
	}
	encoded, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// TestSurge checks that a surge from make surge is kept, drawn, and streamed.
func TestSurge(t *testing.T) {
	p := play(t, nil)
	var none *surge.Run
	if status := p.ask("GET", "/api/surge", "", &none); status != http.StatusOK || none != nil {
		t.Errorf("before any surge: %d, %+v", status, none)
	}
	if status := p.ask("GET", "/api/surge.svg", "", nil); status != http.StatusNotFound {
		t.Errorf("before any surge its drawing is answered with %d", status)
	}
	stream, err := http.Get(p.URL + "/api/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if status := p.ask("POST", "/api/surge", encoded(t, nil), nil); status != http.StatusNoContent {
		t.Fatalf("sending was answered with %d", status)
	}
	for lines := bufio.NewScanner(stream.Body); lines.Scan() && !strings.Contains(lines.Text(), `"surge":true`); {
	}
	var run struct {
		surge.Run
		Expected float64
	}
	if p.ask("GET", "/api/surge", "", &run); run.Last().Webhook.Refused != 90 || run.Expected != 62 {
		t.Errorf("%+v", run)
	}
	drawn, err := http.Get(p.URL + "/api/surge.svg?width=390")
	if err != nil {
		t.Fatal(err)
	}
	defer drawn.Body.Close()
	if kind := drawn.Header.Get("Content-Type"); drawn.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "image/svg+xml") {
		t.Errorf("the drawing is answered with %d, %s", drawn.StatusCode, kind)
	}
}

// TestSurgeRefused checks that only a surge that can be drawn is accepted, and only by a console that may write.
func TestSurgeRefused(t *testing.T) {
	p := play(t, nil)
	for name, test := range map[string]struct {
		body   string
		status int
	}{
		"no JSON":         {"{", http.StatusBadRequest},
		"no burst":        {"{}", http.StatusUnprocessableEntity},
		"no capacity":     {encoded(t, func(r *surge.Run) { r.Burst.Capacity = 0 }), http.StatusUnprocessableEntity},
		"time runs back":  {encoded(t, func(r *surge.Run) { r.Samples = append(r.Samples, surge.Sample{At: 0.5}) }), http.StatusUnprocessableEntity},
		"without an end":  {encoded(t, func(r *surge.Run) { r.Samples = make([]surge.Sample, 1000) }), http.StatusUnprocessableEntity},
		"larger than any": {strings.Repeat(" ", 3<<20), http.StatusBadRequest},
	} {
		if status := p.ask("POST", "/api/surge", test.body, nil); status != test.status {
			t.Errorf("%s: %d, want %d", name, status, test.status)
		}
	}
	if status := p.ask("POST", "/api/surge", encoded(t, nil), nil, "Origin", "http://example.com"); status != http.StatusForbidden {
		t.Errorf("another site's page is answered with %d", status)
	}
	reading := play(t, func(o *console.Options) { o.Write = false })
	if status := reading.ask("POST", "/api/surge", encoded(t, nil), nil); status != http.StatusForbidden {
		t.Errorf("a console that only reads answers with %d", status)
	}
}
