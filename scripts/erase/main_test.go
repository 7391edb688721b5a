package main

import (
	"bytes"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/fixture"
)

func TestMistakes(t *testing.T) {
	const nobody = "http://127.0.0.1:1" // a port that is never assigned
	t.Chdir(fixture.Root(t))
	for _, test := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"-h"}, 0, "-subject visit-17 -json"},
		{nil, cli.ExitUsage, "make erase SUBJECT=visit-17"},
		{[]string{"-subject", "a"}, cli.ExitUsage, "at least 3 characters"},
		{[]string{"ann@example.com"}, cli.ExitUsage, `unexpected argument "ann@example.com"`},
		{[]string{"-subject", "s-1", "-env", "dev", "-data", "x"}, cli.ExitUsage, "the databases of dev are on AWS"},
		{[]string{"-subject", "s-1", "-endpoint", nobody}, cli.ExitFailure, "start one with make up"},
	} {
		var problems bytes.Buffer
		if code := cli.Run(t.Context(), run, test.arguments, cli.Terminal{Out: &bytes.Buffer{}, Err: &problems}); code != test.code || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%q: exit %d, stderr %q; want %d, %q", test.arguments, code, &problems, test.code, test.says)
		}
	}
}
