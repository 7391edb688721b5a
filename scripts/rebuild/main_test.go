package main

import (
	"os"
	"path/filepath"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/services/kit/inbox"
)

// TestRefusals asks to rebuild each kind of service that isn't a read model, and makes each mistake.
func TestRefusals(t *testing.T) {
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
	call := clitest.Caller(t, run)
	call("-h", 0, "-dry-run")
	call("", cli.ExitUsage, "make rebuild SERVICE=<name>")
	call("-service chart -from yesterday", cli.ExitUsage, `from "yesterday"`)
	call("-service chart -from 2999-01-01T00:00:00Z", cli.ExitUsage, "the range is empty")
	call("-service chart -watch 0s", cli.ExitUsage, "above 0")
	call("-service cart", cli.ExitUsage, `there is no service "cart"; there are bell, buoy, chart, `)
	call("-service harbour", cli.ExitUsage, "harbour is not a read model: it publishes ship.docked.v1, storm.warned.v1, berth.checked.v1")
	call("-service form", cli.ExitUsage, "form is not a read model: what POST /forms writes is in no archive")
	call("-service bell", cli.ExitUsage, "it keeps nothing that it has from events")
	call("-service gull", cli.ExitUsage, "it keeps nothing that it has from events")
	call("-service radio", cli.ExitUsage, "radio can't be made anew: storm.warned.v1 does not go over the bus")
	call("-service shelf", cli.ExitUsage, "shelf keeps its state in SQL, in a database that only the service reaches; terraform/REBUILD.md")
	call("-service pilot", cli.ExitUsage, "pilot is a worker, which can't be paused from here; terraform/REBUILD.md")
	call("-service chart -endpoint "+clitest.Nobody, cli.ExitFailure, "start one with make up")
}

func TestRecordLifetime(t *testing.T) {
	if recordLifetime != inbox.Retention {
		t.Errorf("a record is taken to live for %s, and does so for %s", recordLifetime, inbox.Retention)
	}
}
