package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// prefix is the prefix of resource names on AWS.
const prefix = stack.Project + "-dev"

// theatre is a small checkout: desk publishes what usher and critic subscribe to.
const theatre = `
-- go.mod --
module example.com/theatre
-- services/desk/service.json --
{"name": "desk", "description": "Sells.", "runtime": "lambda", "http": ["POST /tickets"], "store": "dynamodb",
 "publishes": ["ticket.sold.v1", "ticket.returned.v1"]}
-- services/usher/service.json --
{"name": "usher", "description": "Shows seats.", "runtime": "worker", "store": "sql",
 "subscribes": [{"event": "ticket.sold.v1"}, {"event": "guest.seated.v1"}], "publishes": ["guest.seated.v1"]}
-- services/usher-two/service.json --
{"name": "usher-two", "description": "Helps.", "runtime": "lambda", "subscribes": [{"event": "ticket.sold.v1"}]}
-- services/invariants/seats.go --
package invariants

import _ "example.com/theatre/events/usher"
-- events/desk/ticket.sold.v1.schema.json --
{"x-event": {"type": "ticket.sold.v1", "producer": "desk", "channel": "eventbridge", "subject": "ticketId"}, "title": "TicketSold"}
-- events/desk/ticket.sold.v1.example.json --
{}
-- events/desk/ticket.returned.v1.schema.json --
{"x-event": {"type": "ticket.returned.v1", "producer": "desk", "channel": "sns", "subject": "ticketId"}, "title": "TicketReturned"}
-- events/desk/ticket.returned.v1.example.json --
{}
-- events/desk/ticket.returned.v1.late.example.json --
{}
-- events/desk/events_gen.go --
package desk
-- events/usher/guest.seated.v1.schema.json --
{"x-event": {"type": "guest.seated.v1", "producer": "usher", "channel": "queue", "subject": "ticketId"}, "title": "GuestSeated"}
-- events/usher/guest.seated.v1.example.json --
{}
-- events/usher/events_gen.go --
package usher
-- services/stories/usher.txtar --
publish ticket.sold.v1
saw usher ticket.sold.v1
-- services/stories/usher-late.txtar --
queue usher
-- services/stories/usher-two.txtar --
queue usher-two
-- services/stories/evening.txtar --
# A whole evening.
publish ticket.sold.v1
saw usher ticket.sold.v1
`

// scene is a copy of the theatre, with the calls of its generator.
type scene struct {
	*testing.T
	remover
	out       bytes.Buffer
	generated int
}

func play(t *testing.T) *scene {
	t.Helper()
	s := &scene{T: t}
	s.remover = remover{root: t.TempDir(), out: &s.out, progress: &s.out, generate: func(context.Context, string) error { s.generated++; return nil }}
	for _, file := range txtar.Parse([]byte(theatre)).Files {
		at := filepath.Join(s.root, file.Name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, file.Data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// files returns all remaining files.
func (s *scene) files() (names []string) {
	s.Helper()
	err := filepath.WalkDir(s.root, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			relative, _ := filepath.Rel(s.root, name)
			names = append(names, relative)
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return names
}

// deleted checks that exactly these files were deleted, and that the command printed the given lines.
func (s *scene) deleted(before, deleted []string, says ...string) {
	s.Helper()
	left := s.files()
	var missing []string
	for _, name := range before {
		if !slices.Contains(left, name) {
			missing = append(missing, name)
		}
	}
	slices.Sort(deleted)
	if !slices.Equal(missing, deleted) {
		s.Errorf("deleted are %v, want %v", missing, deleted)
	}
	for _, line := range says {
		if !strings.Contains(s.out.String(), line) {
			s.Errorf("the output lacks %q:\n%s", line, &s.out)
		}
	}
}

// TestNeeded checks that nothing is deleted while something needs it, and that the command lists what does.
func TestNeeded(t *testing.T) {
	for _, test := range []struct {
		service, event string
		says           []string
	}{
		{"desk", "", []string{
			"services/usher/service.json subscribes to ticket.sold.v1, which only desk publishes",
			"services/usher-two/service.json subscribes to ticket.sold.v1",
			"function " + prefix + "-desk: it continues", "table " + prefix + "-desk and its data", "/aws/lambda/" + prefix + "-desk",
			"archive " + prefix + ": the events that it published stay for 60 days",
		}},
		{"usher", "", []string{
			"services/invariants/seats.go imports events/usher", "services/stories/evening.txtar:3: saw usher",
			"queue " + prefix + "-usher", "the database of " + prefix + "-usher", "tasks of " + prefix + "-usher",
		}},
		{"", "ticket.sold.v1", []string{
			"services/desk/service.json publishes it", "services/usher/service.json subscribes to it", "services/stories/usher.txtar:1: publish",
		}},
	} {
		s := play(t)
		before := s.files()
		err := s.remove(t.Context(), test.service, test.event, false)
		if exit, ok := errors.AsType[*cli.ExitError](err); !ok || exit.Code != cli.ExitUsage || !strings.Contains(err.Error(), "YES=1") {
			t.Errorf("%s%s: %v", test.service, test.event, err)
		}
		s.deleted(before, nil, test.says...)
	}
}

func TestRemove(t *testing.T) {
	s := play(t)
	before := s.files()
	if err := s.remove(t.Context(), "usher-two", "", false); err != nil {
		t.Fatal(err)
	}
	s.deleted(before, []string{"services/usher-two/service.json", "services/stories/usher-two.txtar"}, "removed:\n  services/usher-two\n")
	if s.generated != 0 {
		t.Error("types were generated although no event was deleted")
	}

	before = s.files()
	if err := s.remove(t.Context(), "usher", "", true); err != nil {
		t.Fatal(err)
	}
	s.deleted(before, []string{
		"services/usher/service.json", "services/stories/usher.txtar", "services/stories/usher-late.txtar",
		"events/usher/guest.seated.v1.schema.json", "events/usher/guest.seated.v1.example.json", "events/usher/events_gen.go",
		"events/docs/services/usher.md", "events/docs/events/guest.seated.v1.md",
	}, "renewed 6 files in events/docs")

	before = s.files()
	if err := s.remove(t.Context(), "", "ticket.returned.v1", true); err != nil {
		t.Fatal(err)
	}
	s.deleted(before, []string{
		"events/desk/ticket.returned.v1.schema.json", "events/desk/ticket.returned.v1.example.json", "events/desk/ticket.returned.v1.late.example.json",
	}, "topic "+prefix+"-ticket-returned-v1", "events/docs is not up to date; once this is mended, run make docs:\nservices/desk/service.json:2:")
	if s.generated != 1 {
		t.Errorf("types were generated %d times, want once", s.generated)
	}
}

// TestSubscribedEventsStay checks that removing a needed service keeps the contracts of events to which others
// subscribe, so that these still compile.
func TestSubscribedEventsStay(t *testing.T) {
	s := play(t)
	before := s.files()
	if err := s.remove(t.Context(), "desk", "", true); err != nil {
		t.Fatal(err)
	}
	s.deleted(before, []string{
		"services/desk/service.json",
		"events/desk/ticket.returned.v1.schema.json", "events/desk/ticket.returned.v1.example.json", "events/desk/ticket.returned.v1.late.example.json",
	}, "kept:\n  events/desk/ticket.sold.v1.schema.json stays, for usher and usher-two")
}

func TestUnknown(t *testing.T) {
	s := play(t)
	for want, err := range map[string]error{
		`no service "ushers"; there are desk, usher, usher-two`:                         s.remove(t.Context(), "ushers", "", true),
		`no event "ticket.v1"; there are ticket.returned.v1, ticket.sold.v1, guest.sea`: s.remove(t.Context(), "", "ticket.v1", true),
	} {
		if exit, ok := errors.AsType[*cli.ExitError](err); !ok || exit.Code != cli.ExitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
