//go:build browser

package browsertest_test

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cost"
)

// TestCost runs make cost for one story, checks what it counted against what the story says, and sees the page show it.
func TestCost(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "cost")
	if output, err := exec.CommandContext(t.Context(), "go", "-C", checkout, "build", "-o", program, "./scripts/cost").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	run := exec.CommandContext(t.Context(), program, "-story", "demo/full", "-json", "-console", page.URL, "-picture", filepath.Join(folder, "cost.svg"))
	run.Dir, run.Stderr = troupe.Declared().Root, os.Stderr
	output, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	var r cost.Report
	if err := json.Unmarshal(output, &r); err != nil {
		t.Fatal(err)
	}
	total := func(of func(*cost.Used) float64) float64 { return r.Usage.Total(of) }
	call := func(name string) float64 { return total(func(u *cost.Used) float64 { return u.Calls[name] }) }
	// A request and one question for the state. Four messages: to scheduling and herald by rules and topics, to desk, and the
	// request itself. Each event of the bus is delivered to its subscribers, and to the log.
	deliveries := call("sqs SendMessage" + cost.Delivered)
	for what, is := range map[string]bool{
		"two requests to the API":                      near(total(func(u *cost.Used) float64 { return u.Units["api-request"] }), 2),
		"a delivery, a receive and a delete a message": deliveries > 0 && near(deliveries, call("sqs ReceiveMessage")) && near(deliveries, call("sqs DeleteMessageBatch")),
		"an invocation a request and a message":        near(total(func(u *cost.Used) float64 { return u.Invocations }), 2+deliveries),
		"one entry a PutEvents at least":               total(func(u *cost.Used) float64 { return u.Units["event"] }) >= call("events PutEvents") && call("events PutEvents") > 0,
		"two writes a transaction, twice, at least":    total(func(u *cost.Used) float64 { return u.Units["dynamodb-write"] }) >= 4*call("dynamodb TransactWriteItems")-1e-9,
		"limits": len(r.Limits) > 0 && r.Limits[0].Rate > 0,
		"a sum":  cost.Sum(r.Million) > 1 && r.Month > cost.Sum(r.Idle),
	} {
		if !is {
			t.Errorf("not %s: %+v", what, r.Usage)
		}
	}
	if drawn, err := os.ReadFile(filepath.Join(folder, "cost.svg")); err != nil || !strings.HasPrefix(string(drawn), "<svg") {
		t.Errorf("the picture: %.40s, %v", drawn, err)
	}
	b := open(t, "/cost")
	b.sees("main", "A million executions: "+cost.Dollars(cost.Sum(r.Million)))
	b.sees("main", "Where it breaks first")
	b.sees(".cost text", "scheduling")
	b.picture("cost-played")
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

// showCost sends the console a report, for tests that only look at the page.
func showCost(t *testing.T) {
	t.Helper()
	m, err := cost.NewModel(troupe.Declared().Manifests, troupe.Declared().Contracts, "eu-central-1", &cost.Environment{Name: "dev"})
	if err != nil {
		t.Fatal(err)
	}
	u := &cost.Usage{Deliveries: 5}
	for i, service := range troupe.Declared().Manifests {
		of := u.Of(service.Name)
		of.Function, of.Messages, of.StepMS, of.Invocations, of.InvocationMS = true, 1, 8, 1, 10
		of.Units["dynamodb-write"], of.Units["sqs-request"], of.Units["event"], of.Units["logs"] = 4, 3, float64(i), 2e-6
		of.Calls["dynamodb TransactWriteItems"] = 1
	}
	body, err := json.Marshal(m.Report([]cost.Flow{{Name: "demo/full", Weight: 1, Usage: u}}, 10_000, cost.Local))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(page.URL+"/api/cost", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		t.Fatalf("sending the console a report was answered with %d", response.StatusCode)
	}
}
