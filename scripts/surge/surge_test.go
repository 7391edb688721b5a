package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/surge"
)

// TestSurge plays a small surge with the real warehouse and holds the run to the laws: without a queue events are refused
// and lost, with one all are done exactly once, and the backlog drains at the warehouse's pace.
func TestSurge(t *testing.T) {
	file := filepath.Join(t.TempDir(), "surge.svg")
	var out, problems bytes.Buffer
	code := cli.Run(t.Context(), run, []string{"-rate", "500", "-seconds", "1", "-capacity", "50", "-fast", "-json", "-console", "http://127.0.0.1:1", "-picture", file}, cli.Terminal{Out: &out, Err: &problems})
	if code != 0 {
		t.Fatalf("code %d\n%s", code, problems.String())
	}
	var r surge.Run
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	w, q, last, events := r.Result.Webhook, r.Result.Queue, r.Last(), r.Burst.Events()
	if q.Published != events || q.Completed != events || q.Lost != 0 || q.Twice != 0 {
		t.Errorf("through the queue: %+v", q)
	}
	if w.Published != events || w.Lost == 0 || w.Completed == 0 || w.Completed+w.Lost != events || w.Twice != 0 {
		t.Errorf("straight to the warehouse: %+v", w)
	}
	if last.Arrived != events || last.Queue.Completed != events || last.Webhook.Lost != w.Lost || last.Webhook.Refused < 4*w.Lost {
		t.Errorf("the last sample is %+v", last)
	}
	// A burst that took longer, on a busy machine, left a smaller backlog.
	expected := float64(events)/r.Burst.Capacity - r.Result.Seconds
	if q.DrainSeconds < 0.7*expected-1 || q.DrainSeconds > 1.5*expected+3 {
		t.Errorf("the backlog took %.1f s to drain, expected %.1f s", q.DrainSeconds, expected)
	}
	for i, s := range r.Samples {
		for name, c := range map[string]surge.Count{"webhook": s.Webhook, "queue": s.Queue} {
			if c.Completed+c.Waiting+c.Lost != s.Arrived || c.Waiting < 0 {
				t.Errorf("sample %d, %s: %+v of %d", i, name, c, s.Arrived)
			}
		}
	}
	if drawn, err := os.ReadFile(file); err != nil || !strings.Contains(string(drawn), "</svg>") {
		t.Errorf("the drawing: %v, %d bytes", err, len(drawn))
	}
}

// TestUsage: what can't be played is refused before anything starts.
func TestUsage(t *testing.T) {
	for arguments, want := range map[string]string{
		"-rate 0":                 "-rate is 0",
		"-capacity -1":            "-capacity is -1",
		"-seconds x":              "invalid value",
		"now":                     `"now" is no flag`,
		"-rate 1e6 -seconds 1000": "there must be 1 to",
		"-rate 1 -seconds 0.1":    "makes 0 events",
	} {
		var out, problems bytes.Buffer
		if code := cli.Run(t.Context(), run, strings.Fields(arguments), cli.Terminal{Out: &out, Err: &problems}); code != cli.ExitUsage || !strings.Contains(problems.String(), want) || out.Len() > 0 {
			t.Errorf("%s: code %d, %s", arguments, code, problems.String())
		}
	}
	var problems bytes.Buffer
	if code := cli.Run(t.Context(), run, []string{"-h"}, cli.Terminal{Out: &problems, Err: &problems}); code != 0 || !strings.Contains(problems.String(), "Examples:") {
		t.Errorf("-h: code %d, %s", code, problems.String())
	}
}
