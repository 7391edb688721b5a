package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/fixture"
)

func TestMistakes(t *testing.T) {
	const nobody = "http://127.0.0.1:1" // a port that is never assigned
	t.Chdir(fixture.Root(t))
	if err := os.WriteFile("dark.json", []byte("{\"lampId\": \"lamp-1\",\n \"candelas\": 0}"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		line string
		code int
		says string
	}{
		{"-h", 0, "go run ./scripts/publish -follow battery.checked.v1"},
		{"", cli.ExitUsage, "name one event type after the flags, such as battery.checked.v1"},
		{"-count 0 lamp.lit.v1", cli.ExitUsage, "-count is 0"},
		{"-rate -1 lamp.lit.v1", cli.ExitUsage, "-rate is -1"},
		{"lamp.lt.v1", cli.ExitUsage, "there is no event \"lamp.lt.v1\"; the known ones, the most similar first:\n  lamp.lit.v1\n"},
		{"-data nosuch.json lamp.lit.v1", cli.ExitUsage, "read the data: open nosuch.json"},
		{"-data dark.json lamp.lit.v1", cli.ExitUsage, "dark.json:2:2: /candelas must be at least 1"},
		{"-endpoint " + nobody + " lamp.lit.v1", cli.ExitFailure, "start one with make up"},
	} {
		var problems bytes.Buffer
		if code := cli.Run(t.Context(), run, strings.Fields(test.line), cli.Terminal{Out: &bytes.Buffer{}, Err: &problems}); code != test.code || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%q: exit %d, stderr %q; want %d, %q", test.line, code, &problems, test.code, test.says)
		}
	}
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
