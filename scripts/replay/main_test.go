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
		{[]string{"-h"}, 0, "-service harbour"},
		{nil, cli.ExitUsage, "make replay FROM=-2h TO=now"},
		{[]string{"-from", "-2h", "-to", "now", "harbour"}, cli.ExitUsage, `unexpected argument "harbour"`},
		{[]string{"-from", "now", "-to", "-2h"}, cli.ExitUsage, "the range is empty"},
		{[]string{"-from", "-2h", "-to", "now", "-watch", "-1s"}, cli.ExitUsage, "0 or more"},
		{[]string{"-from", "-2h", "-to", "now", "-endpoint", nobody}, cli.ExitFailure, "start one with make up"},
	} {
		var problems bytes.Buffer
		if code := cli.Run(t.Context(), run, test.arguments, cli.Terminal{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &problems}); code != test.code || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%q: exit %d, stderr %q; want %d, %q", test.arguments, code, &problems, test.code, test.says)
		}
	}
}
