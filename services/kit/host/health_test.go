package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/troupe/services/kit/internal/tower"
)

// TestHealth asks a worker's binary, in a process of its own, whether the worker is well.
func TestHealth(t *testing.T) {
	cloud, file := newSmallCloud(t), filepath.Join(t.TempDir(), "healthy")
	environment := cloud.environment("HEALTH_FILE="+file, "RATE=50")
	ask := func(want string) {
		t.Helper()
		command := exec.CommandContext(t.Context(), os.Args[0], healthFlag)
		command.Env = append(environment, "GOCOVERDIR="+t.TempDir())
		output, err := command.CombinedOutput()
		if (err == nil) != (want == "") || !strings.Contains(string(output), want) {
			t.Errorf("%v: %s, want %q", err, output, want)
		}
	}
	ask("has not begun to poll")
	p := startProcess(t, environment...)
	p.ready(t)
	cloud.send(t, tower.Envelope("e", rung("tom", 2)))
	<-cloud.said
	ask("")
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.exit(t); code != 0 {
		t.Errorf("exit code %d: %s", code, &p.errors)
	}
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, long, long); err != nil {
		t.Fatal(err)
	}
	ask("began its last poll 1h0m0s ago")
}
