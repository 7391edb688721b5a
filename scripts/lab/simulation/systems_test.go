package simulation

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/troupe/scripts/lab/fixture"
	"example.com/troupe/scripts/lab/overlay"
)

// clockRan matches the line of a seed in which EventBridge Scheduler did all that it does.
var clockRan = regexp.MustCompile(`[1-9][0-9]* reminders scheduled, [1-9][0-9]* cancelled, [1-9][0-9]* deliveries on schedule`)

// traces returns the lines of seeds.
func traces(out string) string { return strings.Join(seedLine.FindAllString(out, -1), "\n") }

var seedLine = regexp.MustCompile(`(?m)^seed .*$`)

// TestOtherSystems simulates systems unlike the sample: four services with stories and invariants, and one that only
// handles events, without either: by reminders of a day, and on schedules.
func TestOtherSystems(t *testing.T) {
	for name, make := range map[string]func(*testing.T) string{
		"observatory": func(t *testing.T) string { return fixture.Tree(t, "observatory") },
		"watch":       func(t *testing.T) string { return fixture.Tree(t, "watch") },
	} {
		t.Run(name, func(t *testing.T) {
			root, program := make(t), filepath.Join(t.TempDir(), "simulation.test")
			if err := overlay.Build(t.Context(), root, "./simulation", program, nil); err != nil {
				t.Fatal(err)
			}
			run := func(environment ...string) (string, error) {
				cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestNothingIsLost$", "-sim.report", "-sim.seeds=5", "-sim.customers=20")
				cmd.Dir, cmd.Env = filepath.Join(root, overlay.Lab, "simulation"), append(os.Environ(), environment...)
				out, err := cmd.CombinedOutput()
				return string(out), err
			}
			out, err := run()
			if err != nil || strings.Count(out, ": trace ") != 5 {
				t.Errorf("%v\n%s", err, out)
			}
			if name == "watch" && !clockRan.MatchString(out) {
				t.Errorf("no seed has reminders, cancels some, and delivers on schedule:\n%s", out)
			}
			again, err := run("GOMAXPROCS=1", "GOGC=20") // goroutines start in another order
			if err != nil || traces(again) != traces(out) {
				t.Errorf("the same seeds are not the same runs: %v\n%s\nand\n%s", err, out, again)
			}
		})
	}
}
