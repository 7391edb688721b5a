package main

import (
	"bytes"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/fixture"
)

func TestRun(t *testing.T) {
	const nobody = "http://127.0.0.1:1" // a port that is never assigned
	t.Chdir(fixture.Root(t))
	for _, test := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"-h"}, 0, "-event battery.checked.v1 -env dev"},
		{nil, cli.ExitUsage, "origin/main can't be found here: git fetch origin"},
		{[]string{"-env", "dev"}, cli.ExitUsage, "-env goes with -event"},
		{[]string{"-event", "lamp.lit.v1"}, 0, "here: services/harbour/service.json\n"},
		{[]string{"-event", "lamp.lti.v1"}, cli.ExitUsage, "there is no event lamp.lti.v1; did you mean lamp.lit.v1?"},
		{[]string{"-event", "lamp.lit.v1", "-env", "local", "-endpoint", nobody}, cli.ExitFailure, "start one with make up"},
	} {
		var said bytes.Buffer
		if code := cli.Run(t.Context(), run, test.arguments, cli.Terminal{Out: &said, Err: &said}); code != test.code || !strings.Contains(said.String(), test.says) {
			t.Errorf("%q: exit %d, %q; want %d, %q", test.arguments, code, &said, test.code, test.says)
		}
	}
}
