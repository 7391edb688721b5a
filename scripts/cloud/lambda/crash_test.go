package lambda_test

import (
	"strings"
	"testing"

	"example.com/localcloud/faults"
)

// TestCrash checks that an invocation fails if its process is killed, and that the next one runs in another process.
func TestCrash(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	before := w.pid(t)
	must(w.Faults.PutFault(t.Context(), &faults.Fault{Kind: faults.Crash, Resource: "jobs", LatencyMs: 50, Count: 1}))(t)
	out := w.invoke(t, `{"Do": "hang"}`)
	if out.FunctionError == nil || !strings.Contains(string(out.Payload), "signal: killed") {
		t.Errorf("the invocation returned %s, want the error of a killed process", out.Payload)
	}
	if after := w.pid(t); after == before {
		t.Error("the process is still running")
	}
}

// TestCrashAfterTheAnswer checks that a process that responds before it is to be killed is still killed afterwards.
func TestCrashAfterTheAnswer(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	must(w.Faults.PutFault(t.Context(), &faults.Fault{Kind: faults.Crash, Resource: "jobs", LatencyMs: 10_000, Count: 1}))(t)
	if before := w.pid(t); before == w.pid(t) {
		t.Error("the process is still running")
	}
}
