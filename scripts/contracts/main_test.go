package main

import (
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/internal/fixture"
)

func TestRun(t *testing.T) {
	t.Chdir(fixture.Root(t))
	call := clitest.Caller(t, run)
	call("-h", 0, "-event battery.checked.v1 -env dev")
	call("", cli.ExitUsage, "origin/main can't be found here: git fetch origin")
	call("-env dev", cli.ExitUsage, "-env goes with -event")
	call("-event lamp.lit.v1", 0, "here: services/harbour/service.json\n")
	call("-event lamp.lti.v1", cli.ExitUsage, "there is no event lamp.lti.v1; did you mean lamp.lit.v1?")
	call("-event lamp.lit.v1 -env local -endpoint "+clitest.Nobody, cli.ExitFailure, "start one with make up")
}
