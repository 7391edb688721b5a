//go:build browser

package browsertest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/surge"
)

// TestSurge checks that the page draws a surge while make surge runs, and shows the result by event ID at the end.
func TestSurge(t *testing.T) {
	program := filepath.Join(t.TempDir(), "surge")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../surge")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	b := open(t, "/surge")
	eval[bool](b, `(new MutationObserver(() => { window.seen ||= document.querySelector(".surge .queue .band-label.waiting") !== null; })
		.observe(document.querySelector("main"), {subtree: true, childList: true}), true)`)
	play := exec.CommandContext(t.Context(), program, "-rate", "300", "-seconds", "1", "-capacity", "30", "-fast",
		"-console", page.URL, "-picture", filepath.Join(t.TempDir(), "surge.svg"))
	play.Dir = troupe.Declared().Root
	if output, err := play.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	b.sees(`[role="status"]`, "through the queue 300 done, 0 lost and 0 done twice")
	b.sees(".surge .queue .verdict", "300 done, 0 lost")
	b.sees(".surge .webhook .verdict.bad", "lost")
	b.sees("table.surge-numbers", "Deliveries refused")
	if !eval[bool](b, "window.seen") {
		t.Error("the page did not draw what waits while it was played")
	}
	b.picture("surge-played")
}

// showSurge sends the console a surge in progress, for tests that only look at the page.
func showSurge(t *testing.T) {
	t.Helper()
	r := surge.Run{Service: "dome", Event: "exposure.ordered.v1", Channel: events.SNS, Asked: surge.Burst{Rate: 10_000, Seconds: 5, Capacity: 500}, Burst: surge.Burst{Rate: 4000, Seconds: 5, Capacity: 200}, Reachable: 6700, Retry: surge.Retry{Times: 3, Seconds: 20}}
	for at := range 68 {
		arrived := min(at, 5) * 4000
		s := surge.Sample{At: float64(at), Arrived: arrived}
		s.Queue = surge.Count{Completed: at * 200, Waiting: arrived - at*200, OldestSeconds: float64(at)}
		waves := (at + 15) / 20
		s.Webhook = surge.Count{Completed: min(at, 5*waves) * 200, Refused: waves * arrived, OldestSeconds: float64(min(at, 60))}
		if at > 62 {
			s.Webhook.Lost = (arrived - s.Webhook.Completed) * (at - 62) / 5
		}
		s.Webhook.Waiting = arrived - s.Webhook.Completed - s.Webhook.Lost
		r.Add(s)
	}
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(page.URL+"/api/surge", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		t.Fatalf("telling the console of a surge was answered with %d", response.StatusCode)
	}
}
