package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestMistakes(t *testing.T) {
	const nobody = "http://127.0.0.1:1" // a port that no program is given
	for _, test := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"-h"}, 0, "Examples:"},
		{nil, exitUsage, "make replay FROM=-2h TO=now"},
		{[]string{"-from", "-2h", "-to", "now", "payments"}, exitUsage, `"payments" is no flag`},
		{[]string{"-from", "now", "-to", "-2h"}, exitUsage, "the range is empty"},
		{[]string{"-from", "-2h", "-to", "now", "-watch", "-1s"}, exitUsage, "0 or more"},
		{[]string{"-from", "-2h", "-to", "now", "-endpoint", nobody}, exitFailure, "start one with make up"},
	} {
		var problems bytes.Buffer
		if code := run(t.Context(), test.arguments, strings.NewReader(""), &bytes.Buffer{}, &problems); code != test.code || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%q: exit %d, says %q; want %d, %q", test.arguments, code, &problems, test.code, test.says)
		}
	}
}
