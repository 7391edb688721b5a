package lambda_test

import (
	"strings"
	"testing"

	"example.com/localcloud/faults"
)

// TestCrash: an invocation that a fault strikes fails as one whose process was killed, and the next runs in another.
func TestCrash(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	before := w.pid(t)
	must(w.Faults.PutFault(t.Context(), &faults.Fault{Kind: faults.Crash, Resource: "jobs", LatencyMs: 50, Count: 1}))(t)
	out := w.invoke(t, `{"Do": "hang"}`)
	if out.FunctionError == nil || !strings.Contains(string(out.Payload), "signal: killed") {
		t.Errorf("the invocation answered %s, want that its process was killed", out.Payload)
	}
	if after := w.pid(t); after == before {
		t.Error("the process lives on")
	}
}

// TestCrashAfterTheAnswer: a process that answers sooner than it is to be killed answers, and is killed all the same.
func TestCrashAfterTheAnswer(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	must(w.Faults.PutFault(t.Context(), &faults.Fault{Kind: faults.Crash, Resource: "jobs", LatencyMs: 10_000, Count: 1}))(t)
	if before := w.pid(t); before == w.pid(t) {
		t.Error("the process lives on")
	}
}
