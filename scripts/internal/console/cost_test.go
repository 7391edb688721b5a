package console_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/cost"
)

// TestCost checks that a report from make cost is kept and drawn, and that a read-only console refuses one.
func TestCost(t *testing.T) {
	p := play(t, nil)
	var none *cost.Report
	if status := p.ask("GET", "/api/cost", "", &none); status != http.StatusOK || none != nil {
		t.Errorf("before any report: %d, %+v", status, none)
	}
	if status := p.ask("GET", "/api/cost.svg", "", nil); status != http.StatusNotFound {
		t.Errorf("before any report its drawing is answered with %d", status)
	}
	for _, body := range []string{"[]", "{}"} {
		if status := p.ask("POST", "/api/cost", body, nil); status != http.StatusBadRequest {
			t.Errorf("%s is answered with %d", body, status)
		}
	}
	used := &cost.Usage{}
	used.Of("harbour & co")
	sent, err := json.Marshal(cost.Report{
		Region: "us-east-1", Rate: 10, Usage: used,
		Million: []cost.Line{{Service: "harbour & co", Product: "SQS", USD: 1.2}},
		Limits:  []cost.Limit{{Name: "requests <a second>", Where: "account", Value: 100, Each: 2, Rate: 50, Effect: "refused"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := p.ask("POST", "/api/cost", string(sent), nil); status != http.StatusNoContent {
		t.Fatalf("sending is answered with %d", status)
	}
	var kept cost.Report
	if p.ask("GET", "/api/cost", "", &kept); kept.Region != "us-east-1" || len(kept.Limits) != 1 {
		t.Errorf("%+v", kept)
	}
	drawn, err := http.Get(p.URL + "/api/cost.svg?width=390&download")
	if err != nil {
		t.Fatal(err)
	}
	defer drawn.Body.Close()
	svg, err := io.ReadAll(drawn.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"harbour &amp; co", "requests &lt;a second&gt;", "$1.20", "10 a second"} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the drawing lacks %s: %s", want, svg)
		}
	}
	closed := play(t, func(o *console.Options) { o.Write = false })
	if status := closed.ask("POST", "/api/cost", string(sent), nil); status != http.StatusForbidden {
		t.Errorf("a read-only console answers %d", status)
	}
}
