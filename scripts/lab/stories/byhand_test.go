package stories_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
)

// TestRunByHand runs a service by hand beside a system that leaves it out: its routes, its events and its steps are like
// those of the others. A second process is refused, and so are other services.
func TestRunByHand(t *testing.T) {
	if os.Getenv("TROUPE_ENDPOINT") != "" {
		t.Skip("it needs a system of its own")
	}
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := start(ctx, stack.Options{Root: root, Without: []string{"desk"}})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStack(t, s)
	response, err := http.Get(s.API + "/observations/none")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close() // read to its end
	if err != nil || response.StatusCode != http.StatusBadGateway || !strings.Contains(string(text), "make run SERVICE=desk") {
		t.Errorf("a route of nobody answers %d %s, %v", response.StatusCode, text, err)
	}
	local := buildCommand(t, s, "local")
	for service, want := range map[string]string{
		"desc": "did you mean desk?", "herald": "start make up WITHOUT=herald", "": "SERVICE=<name>",
	} {
		if code, printed := local.run(ctx, "run", "-service", service); code == 0 || !strings.Contains(printed, want) {
			t.Errorf("run -service %q: exit %d, %s; want %s", service, code, printed, want)
		}
	}

	process := exec.CommandContext(ctx, local.path, "run", "-service", "desk")
	process.Dir, process.Stderr = root, os.Stderr
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	idle := func(want bool) {
		t.Helper()
		for (s.Problems()["desk"] != "") != want {
			if !pause.For(ctx, pollEvery) {
				t.Fatalf("problems of the desk: %q", s.Problems()["desk"])
			}
		}
	}
	idle(false)
	if code, printed := local.run(ctx, "run", "-service", "desk"); code != 2 || !strings.Contains(printed, "desk runs already") {
		t.Errorf("a second process: exit %d, %s", code, printed)
	}
	stage, err := stories.On(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(story *stories.Story) bool { return story.Name == "demo/completed" })
	if _, err := stage.Play(ctx, all[at]); err != nil {
		t.Error(err)
	}
	if steps := s.Steps.Where(func(step events.Step) bool { return step.Service == "desk" }); len(steps) < 3 {
		t.Errorf("steps of the desk: %+v", steps)
	}
	if err := process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err != nil {
		t.Errorf("the desk ended with %v", err)
	}
	idle(true)
}
