package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/services/kit/inbox"
)

// TestRefusals asks to rebuild each kind of service that isn't a read model, and makes each mistake.
func TestRefusals(t *testing.T) {
	const nobody = "http://127.0.0.1:1" // a port that is never assigned
	root := fixture.Root(t)
	for name, body := range map[string]string{
		"chart": `"runtime": "lambda", "http": ["GET /ships"], "subscribes": [{"event": "ship.docked.v1"}], "store": "dynamodb"`,
		"form":  `"runtime": "lambda", "http": ["GET /ships", "POST /forms"], "subscribes": [{"event": "ship.docked.v1"}], "store": "dynamodb"`,
		"bell":  `"runtime": "lambda", "subscribes": [{"event": "ship.docked.v1"}]`,
		"shelf": `"runtime": "worker", "subscribes": [{"event": "ship.docked.v1"}], "store": "sql"`,
		"radio": `"runtime": "lambda", "subscribes": [{"event": "ship.docked.v1"}, {"event": "storm.warned.v1"}], "store": "dynamodb"`,
	} {
		folder := filepath.Join(root, "services", name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		declaration := `{"name": "` + name + `", "description": "For the test.", ` + body + `}`
		if err := os.WriteFile(filepath.Join(folder, "service.json"), []byte(declaration), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	for _, test := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"-h"}, 0, "-dry-run"},
		{nil, cli.ExitUsage, "make rebuild SERVICE=<name>"},
		{[]string{"-service", "chart", "-from", "yesterday"}, cli.ExitUsage, `from "yesterday"`},
		{[]string{"-service", "chart", "-from", "2999-01-01T00:00:00Z"}, cli.ExitUsage, "the range is empty"},
		{[]string{"-service", "chart", "-watch", "0s"}, cli.ExitUsage, "above 0"},
		{[]string{"-service", "cart"}, cli.ExitUsage, `there is no service "cart"; there are bell, buoy, chart, `},
		{[]string{"-service", "harbour"}, cli.ExitUsage, "harbour is not a read model: it publishes ship.docked.v1, storm.warned.v1, berth.checked.v1"},
		{[]string{"-service", "form"}, cli.ExitUsage, "form is not a read model: what POST /forms writes is in no archive"},
		{[]string{"-service", "bell"}, cli.ExitUsage, "it keeps nothing that it has from events"},
		{[]string{"-service", "gull"}, cli.ExitUsage, "it keeps nothing that it has from events"},
		{[]string{"-service", "radio"}, cli.ExitUsage, "radio can't be made anew: storm.warned.v1 does not go over the bus"},
		{[]string{"-service", "shelf"}, cli.ExitUsage, "shelf keeps its state in SQL, in a database that only the service reaches; terraform/REBUILD.md"},
		{[]string{"-service", "pilot"}, cli.ExitUsage, "pilot is a worker, which can't be paused from here; terraform/REBUILD.md"},
		{[]string{"-service", "chart", "-endpoint", nobody}, cli.ExitFailure, "start one with make up"},
	} {
		var problems bytes.Buffer
		if code := cli.Run(t.Context(), run, test.arguments, cli.Terminal{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &problems}); code != test.code || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%q: exit %d, stderr %q; want %d, %q", test.arguments, code, &problems, test.code, test.says)
		}
	}
}

func TestRecordLifetime(t *testing.T) {
	if recordLifetime != inbox.Retention {
		t.Errorf("a record is taken to live for %s, and does so for %s", recordLifetime, inbox.Retention)
	}
}
