package main

import (
	"bytes"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
)

func TestMistakes(t *testing.T) {
	const nobody = "http://127.0.0.1:1" // a port that no program is given
	for _, test := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"-h"}, 0, "Examples:"},
		{nil, cli.ExitUsage, "make redrive SERVICE=payments"},
		{[]string{"payments"}, cli.ExitUsage, `"payments" is no flag`},
		{[]string{"-service", "payments", "-rate", "501"}, cli.ExitUsage, "between 0 and 500"},
		{[]string{"-service", "payments", "-watch", "-1s"}, cli.ExitUsage, "0 or more"},
		{[]string{"-service", "payment", "-endpoint", nobody}, cli.ExitUsage, "there is no service payment; there are: checkout, inventory"},
		{[]string{"-service", "payments", "-endpoint", nobody}, cli.ExitFailure, "start one with make up"},
	} {
		var problems bytes.Buffer
		if code := cli.Run(t.Context(), run, test.arguments, cli.Terminal{Out: &bytes.Buffer{}, Err: &problems}); code != test.code || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%q: exit %d, says %q; want %d, %q", test.arguments, code, &problems, test.code, test.says)
		}
	}
}
