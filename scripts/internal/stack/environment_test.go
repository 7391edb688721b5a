package stack

import (
	"slices"
	"strings"
	"testing"

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
