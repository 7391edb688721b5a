// Package clitest tests commands as people call them.
package clitest

import (
	"bytes"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
)

// Nobody is the URL of an endpoint at which nothing listens: its port is never assigned.
const Nobody = "http://127.0.0.1:1"

// Caller returns a function that calls a command without input, with arguments that have spaces between them, and checks
// its exit code and that it says something, on standard output or standard error.
func Caller(t *testing.T, command cli.Command) func(arguments string, code int, says string) {
	return func(arguments string, code int, says string) {
		t.Helper()
		var said bytes.Buffer
		terminal := cli.Terminal{In: strings.NewReader(""), Out: &said, Err: &said}
		if got := cli.Run(t.Context(), command, strings.Fields(arguments), terminal); got != code || !strings.Contains(said.String(), says) {
			t.Errorf("%q: exit %d, %q; want %d, %q", arguments, got, &said, code, says)
		}
	}
}
