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
		{[]string{"-h"}, 0, "-service harbour -dry-run"},
		{nil, cli.ExitUsage, "make redrive SERVICE=harbour"},
		{[]string{"harbour"}, cli.ExitUsage, `unexpected argument "harbour"`},
		{[]string{"-service", "harbour", "-rate", "501"}, cli.ExitUsage, "between 0 and 500"},
		{[]string{"-service", "harbour", "-watch", "-1s"}, cli.ExitUsage, "0 or more"},
		{[]string{"-service", "harbor", "-endpoint", nobody}, cli.ExitUsage, "there is no service harbor; there are: buoy, gull, harbour"},
		{[]string{"-service", "harbour", "-endpoint", nobody}, cli.ExitFailure, "start one with make up"},
	} {
		var problems bytes.Buffer
		if code := cli.Run(t.Context(), run, test.arguments, cli.Terminal{Out: &bytes.Buffer{}, Err: &problems}); code != test.code || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%q: exit %d, stderr %q; want %d, %q", test.arguments, code, &problems, test.code, test.says)
		}
	}
}
