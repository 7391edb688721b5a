package simulation

import (
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
			cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestNothingIsLost$", "-sim.report", "-sim.seeds=5", "-sim.customers=20")
			cmd.Dir = filepath.Join(root, overlay.Lab, "simulation")
			out, err := cmd.CombinedOutput()
			if err != nil || strings.Count(string(out), ": trace ") != 5 {
				t.Errorf("%v\n%s", err, out)
			}
			if name == "watch" && !clockRan.Match(out) {
				t.Errorf("no seed has reminders, cancels some, and delivers on schedule:\n%s", out)
			}
		})
	}
}
