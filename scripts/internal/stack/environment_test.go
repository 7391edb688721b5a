package stack

import (
	"slices"
	"strings"
	"testing"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/wiring"
)

// TestTheShellsDatabaseIsLeftAlone: a worker gets the database that is named for it, or a file of
// its own, and never the one that DATABASE_URL of the shell happens to name.
func TestTheShellsDatabaseIsLeftAlone(t *testing.T) {
	s := &Stack{dir: "/state"}
	database := func(service topology.Service) (urls []string) {
		for _, variable := range s.environment(service, wiring.Service{}) {
			if url, ok := strings.CutPrefix(variable, "DATABASE_URL="); ok {
				urls = append(urls, url)
			}
		}
		return urls
	}
	t.Setenv("DATABASE_URL", "postgres://theirs")
	t.Setenv(databaseVariable, "")
	if got := database(topology.Service{Name: "mill", SQL: true}); !slices.Equal(got, []string{"sqlite:///state/mill.db"}) {
		t.Errorf("with DATABASE_URL alone: %q", got)
	}
	t.Setenv(databaseVariable, "postgres://ours")
	if got := database(topology.Service{Name: "mill", SQL: true}); !slices.Equal(got, []string{"postgres://ours"}) {
		t.Errorf("with %s: %q", databaseVariable, got)
	}
	if got := database(topology.Service{Name: "vane"}); got != nil {
		t.Errorf("a service without SQL: %q", got)
	}
}

// TestPersonalDataIsShownOnlyIfAsked: every service is told, beside what a test tells one of them.
func TestPersonalDataIsShownOnlyIfAsked(t *testing.T) {
	declared := &Declared{Manifests: []*manifest.Manifest{{Name: "mill"}, {Name: "vane"}}}
	o := Options{Environment: map[string]map[string]string{"vane": {"WIND": "north"}}}
	if got := o.variables(declared); got["mill"] != nil || got["vane"]["TRACE_PERSONAL"] != "" {
		t.Errorf("without being asked: %v", got)
	}
	o.Personal = true
	if got := o.variables(declared); got["mill"]["TRACE_PERSONAL"] != "true" || got["vane"]["TRACE_PERSONAL"] != "true" || got["vane"]["WIND"] != "north" {
		t.Errorf("asked: %v", got)
	}
}
