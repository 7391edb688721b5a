package workers_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/workers"
)

// script returns a shell script as a program.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "service")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadyAndStop(t *testing.T) {
	seen := make(chan string, 10)
	p, err := workers.Start(workers.Spec{
		Name: "greeter",
		Path: script(t, `trap 'echo "$WORD"; exit 0' TERM; printf '{"msg":"ready","http":"127.0.0.1:7"}\n'; while :; do sleep 0.01; done`),
		Env:  append(os.Environ(), "WORD=bye"),
		Line: func(line []byte) { seen <- string(line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	address, err := p.Ready(t.Context())
	if err != nil || address != "127.0.0.1:7" {
		t.Errorf("ready at %q, %v", address, err)
	}
	if err := workers.StopAll(p); err != nil {
		t.Error(err)
	}
	<-seen
	if last := <-seen; last != "bye" {
		t.Errorf("its last line is %q, want what it wrote after SIGTERM", last)
	}
}

func TestEndsBeforeItIsReady(t *testing.T) {
	p, err := workers.Start(workers.Spec{Name: "greeter", Path: script(t, `echo "handler and manifest disagree" >&2; exit 3`)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Ready(t.Context())
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "handler and manifest disagree") {
		t.Errorf("error = %v, want the exit status and what it wrote", err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	pids := make(chan string, 1)
	p, err := workers.Start(workers.Spec{
		Name: "greeter",
		Path: script(t, `sleep 1000 & echo $!; wait`),
		Env:  os.Environ(),
		Line: func(line []byte) { pids <- string(line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	grandchild := "/proc/" + <-pids
	if err := p.Stop(); err == nil {
		t.Error("a process that SIGTERM kills is reported to have ended well")
	}
	for runs(grandchild) { // nothing waits for a signal to take effect
		select {
		case <-t.Context().Done():
			t.Fatal("the grandchild still runs")
		default:
			runtime.Gosched()
		}
	}
}

// runs reports whether the process with a folder in /proc runs and isn't a zombie.
func runs(folder string) bool {
	state, err := os.ReadFile(folder + "/stat")
	return err == nil && !strings.Contains(string(state), ") Z ")
}
