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
	call("-h", 0, "-service harbour")
	call("", cli.ExitUsage, "make replay FROM=-2h TO=now")
	call("-from -2h -to now harbour", cli.ExitUsage, `unexpected argument "harbour"`)
	call("-from now -to -2h", cli.ExitUsage, "the range is empty")
	call("-from -2h -to now -watch -1s", cli.ExitUsage, "0 or more")
	call("-from -2h -to now -endpoint "+clitest.Nobody, cli.ExitFailure, "start one with make up")
}
