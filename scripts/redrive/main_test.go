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
	call("-h", 0, "-service harbour -dry-run")
	call("", cli.ExitUsage, "make redrive SERVICE=harbour")
	call("harbour", cli.ExitUsage, `unexpected argument "harbour"`)
	call("-service harbour -rate 501", cli.ExitUsage, "between 0 and 500")
	call("-service harbour -watch -1s", cli.ExitUsage, "0 or more")
	call("-service harbor -endpoint "+clitest.Nobody, cli.ExitUsage, "there is no service harbor; there are: buoy, gull, harbour")
	call("-service harbour -endpoint "+clitest.Nobody, cli.ExitFailure, "start one with make up")
}
