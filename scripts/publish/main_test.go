package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/internal/fixture"
)

func TestMistakes(t *testing.T) {
	t.Chdir(fixture.Root(t))
	if err := os.WriteFile("dark.json", []byte("{\"lampId\": \"lamp-1\",\n \"candelas\": 0}"), 0o644); err != nil {
		t.Fatal(err)
	}
	call := clitest.Caller(t, run)
	call("-h", 0, "go run ./scripts/publish -follow battery.checked.v1")
	call("", cli.ExitUsage, "name one event type after the flags, such as battery.checked.v1")
	call("-count 0 lamp.lit.v1", cli.ExitUsage, "-count is 0")
	call("-rate -1 lamp.lit.v1", cli.ExitUsage, "-rate is -1")
	call("lamp.lt.v1", cli.ExitUsage, "there is no event \"lamp.lt.v1\"; the known ones, the most similar first:\n  lamp.lit.v1\n")
	call("-data nosuch.json lamp.lit.v1", cli.ExitUsage, "read the data: open nosuch.json")
	call("-data dark.json lamp.lit.v1", cli.ExitUsage, "dark.json:2:2: /candelas must be at least 1")
	call("-endpoint "+clitest.Nobody+" lamp.lit.v1", cli.ExitFailure, "start one with make up")
}

// TestNowhere checks that outside a checkout -h works as well, with placeholders.
func TestNowhere(t *testing.T) {
	t.Chdir(t.TempDir())
	for line, want := range map[string]string{"-h": "go run ./scripts/publish <event>", "lamp.lit.v1": "is not inside a checkout"} {
		var all bytes.Buffer
		cli.Run(t.Context(), run, []string{line}, cli.Terminal{Out: &all, Err: &all})
		if !strings.Contains(all.String(), want) {
			t.Errorf("%s: stderr %q, want %q", line, &all, want)
		}
	}
}
