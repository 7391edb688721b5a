package main

import (
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/internal/fixture"
)

func TestMistakes(t *testing.T) {
	t.Chdir(fixture.Root(t))
	call := clitest.Caller(t, run)
	call("-h", 0, "-subject visit-17 -json")
	call("", cli.ExitUsage, "make erase SUBJECT=visit-17")
	call("-subject a", cli.ExitUsage, "at least 3 characters")
	call("ann@example.com", cli.ExitUsage, `unexpected argument "ann@example.com"`)
	call("-subject s-1 -env dev -data x", cli.ExitUsage, "the databases of dev are on AWS")
	call("-subject s-1 -endpoint "+clitest.Nobody, cli.ExitFailure, "start one with make up")
}
