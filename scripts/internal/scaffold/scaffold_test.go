package scaffold_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/scaffold"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/topology"
)

// repository is this one: its kit is what the services that are made here are compiled against.
const repository = "../../.."

// clinic returns an empty checkout of this module. Its generated types are those of this repository's generator.
func clinic(t *testing.T) *scaffold.Checkout {
	t.Helper()
	root := t.TempDir()
	for name, from := range map[string]string{"go.mod": "go.mod", "scripts/tools/go.mod": "scripts/tools/go.mod", "scripts/tools/go.sum": "scripts/tools/go.sum"} {
		text, err := os.ReadFile(filepath.Join(repository, from))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(root, name), text)
	}
	return reopen(t, root)
}

func reopen(t *testing.T, root string) *scaffold.Checkout {
	t.Helper()
	c, err := scaffold.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	c.Generate = func(context.Context, string) error { return nil } // once for all, by generate
	return c
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, text, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// generate makes the types of all events that were made.
func generate(t *testing.T, root string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "generate")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./scripts/generate")
	build.Dir = repository
	run := exec.CommandContext(t.Context(), program)
	run.Dir = root
	for _, command := range []*exec.Cmd{build, run} {
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
}

func (m made) service(t *testing.T, root string, o scaffold.ServiceOptions) *scaffold.Service {
	t.Helper()
	c := reopen(t, root)
	planned, err := c.Service(o)
	if err == nil {
		err = c.Write(t.Context(), planned.Files)
	}
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	maps.Copy(m, planned.Files)
	return planned
}

func (m made) event(t *testing.T, root string, o scaffold.EventOptions) {
	t.Helper()
	c := reopen(t, root)
	files, _, err := c.Event(o)
	if err == nil {
		err = c.Write(t.Context(), files)
	}
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	maps.Copy(m, files)
}

// made are all files that were made.
type made scaffold.Files

// TestWhatIsMadeWorks makes events and services of every kind, compiles them against the kit, runs their tests, and holds
// declarations and stories against each other.
func TestWhatIsMadeWorks(t *testing.T) {
	c, files := clinic(t), made{}
	files.event(t, c.Root, scaffold.EventOptions{Type: "appointment.requested.v1", Producer: "booking"})
	files.event(t, c.Root, scaffold.EventOptions{Type: "appointment.due.v1", Producer: "booking", Channel: events.Queue})
	files.event(t, c.Root, scaffold.EventOptions{Type: "case.type.opened.v2", Producer: "case-desk", Channel: events.SNS})
	files.service(t, c.Root, scaffold.ServiceOptions{
		Name: "booking", HTTP: []string{"POST /appointments", "GET /appointments/{id}", "GET /appointments", "DELETE /appointments/{appointmentId}"},
		Subscribes: []string{"appointment.due.v1"}, Publishes: []string{"appointment.requested.v1", "appointment.due.v1"},
	})
	billing := files.service(t, c.Root, scaffold.ServiceOptions{
		Name: "billing", Runtime: manifest.Worker, Store: manifest.SQL,
		Subscribes: []string{"appointment.requested.v1", "case.type.opened.v2"}, Publishes: []string{"invoice.sent.v1", "invoice.paid.v1"},
	})
	files.service(t, c.Root, scaffold.ServiceOptions{
		Name: "case-desk", Store: manifest.None, HTTP: []string{"PUT /cases/{id}", "GET /cases/{id}", "GET /"},
		Subscribes: []string{"appointment.requested.v1", "invoice.sent.v1", "case.type.opened.v2"}, Publishes: []string{"case.type.opened.v2"},
	})
	files.service(t, c.Root, scaffold.ServiceOptions{Name: "door", Store: manifest.None, HTTP: []string{"POST /doors"}})
	files.service(t, c.Root, scaffold.ServiceOptions{Name: "clock", HTTP: []string{"GET /time"}})
	if want := []string{"invoice.sent.v1", "invoice.paid.v1"}; !slices.Equal(billing.Made, want) {
		t.Errorf("made %v, want %v", billing.Made, want)
	}
	if next := strings.Join(billing.Next, "\n"); !strings.Contains(next, "make case-desk, which publishes case.type.opened.v2 and is not there") {
		t.Errorf("next: %s", next)
	}
	generate(t, c.Root)
	agrees(t, c.Root)
	compiles(t, c.Root)
}

// agrees holds manifests, contracts, examples and stories against each other.
func agrees(t *testing.T, root string) {
	t.Helper()
	declared, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := declared.Topology(topology.Names{Project: "clinic", Env: "staging", Region: "eu-central-1", Account: "123456789012"}, nil); err != nil {
		t.Error(err)
	}
	for _, contract := range declared.Contracts {
		if err := schema.Validate(&contract.Contract, contract.Examples[0].Data); err != nil {
			t.Errorf("%s: %v", contract.Examples[0].File, err)
		}
	}
	told, err := stories.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := stories.CheckAll(told, declared); err != nil {
		t.Error(err)
	}
	if len(told) != len(declared.Manifests) {
		t.Errorf("%d stories of %d services", len(told), len(declared.Manifests))
	}
}

// compiles vets and tests what was made, beside a copy of the kit.
func compiles(t *testing.T, root string) {
	t.Helper()
	for _, name := range []string{"go.sum", "scripts/cloud/go.mod"} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(root, name), text)
	}
	for _, folder := range []string{"services/kit", "events/bus", "events/manifest", "events/schema"} {
		if err := os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join(repository, folder))); err != nil {
			t.Fatal(err)
		}
	}
	contract, err := filepath.Glob(filepath.Join(repository, "events/*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range contract {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(root, "events", filepath.Base(name)), text)
	}
	made, err := filepath.Glob(filepath.Join(root, "services/*/service.json"))
	if err != nil {
		t.Fatal(err)
	}
	arguments := []string{"test", "-trimpath"} // whose cache does not depend on the folder
	for _, name := range made {
		arguments = append(arguments, "./services/"+filepath.Base(filepath.Dir(name))+"/...")
	}
	command := exec.CommandContext(t.Context(), "go", arguments...)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0") // as services are built for this machine
	out, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if n := strings.Count(string(out), "ok  \t"); n != 4 { // booking, billing, case-desk and door have a test each
		t.Errorf("%d packages have tests:\n%s", n, out)
	}
}

// TestRefused: a word that can't be is refused with those that can, and nothing is written.
func TestRefused(t *testing.T) {
	c, files := clinic(t), made{}
	files.service(t, c.Root, scaffold.ServiceOptions{Name: "booking", HTTP: []string{"POST /appointments"}, Publishes: []string{"appointment.requested.v1"}})
	files.event(t, c.Root, scaffold.EventOptions{Type: "appointment.due.v1", Producer: "appointments", Channel: events.Queue})
	c = reopen(t, c.Root)
	route := []string{"POST /x"}
	for want, o := range map[string]scaffold.ServiceOptions{
		"use 2 to 32 lower-case":                        {Name: "Billing", HTTP: route},
		"SERVICE=kit can't be":                          {Name: "kit", HTTP: route},
		"services/booking is there already":             {Name: "booking", HTTP: route},
		"use lambda or worker":                          {Name: "billing", Runtime: "lamda", HTTP: route},
		"use dynamodb, sql or none":                     {Name: "billing", Store: "dynamo", HTTP: route},
		"needs RUNTIME=lambda":                          {Name: "billing", Runtime: manifest.Worker, HTTP: route},
		"nothing would start":                           {Name: "billing", Publishes: []string{"invoice.sent.v1"}},
		"\"post /x\" is no route":                       {Name: "billing", HTTP: []string{"post /x"}},
		"answered by booking already":                   {Name: "billing", HTTP: []string{"POST /appointments"}},
		"there are appointment.due.v1, appointment.req": {Name: "billing", Subscribes: []string{"appointment.asked.v1"}},
		"is a reminder of appointments to itself":       {Name: "billing", Subscribes: []string{"appointment.due.v1"}},
		"only its producer, booking":                    {Name: "billing", HTTP: route, Publishes: []string{"appointment.requested.v1"}},
		"is no type of event":                           {Name: "billing", HTTP: route, Publishes: []string{"InvoiceSent"}},
		"add it to SUBSCRIBES":                          {Name: "appointments", HTTP: route, Publishes: []string{"appointment.due.v1"}},
	} {
		if _, err := c.Service(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v; want %q", o, err, want)
		}
	}
	for want, o := range map[string]scaffold.EventOptions{
		"is no type of event":                {Type: "appointment.v1.requested", Producer: "booking"},
		"a new version, appointment.due.v2":  {Type: "appointment.due.v1", Producer: "booking"},
		"use eventbridge":                    {Type: "appointment.moved.v1", Producer: "booking", Channel: "kafka"},
		"PRODUCER=\"Booking\" is no name":    {Type: "appointment.moved.v1", Producer: "Booking"},
		"PRODUCER=manifest can't be: the fo": {Type: "appointment.moved.v1", Producer: "manifest"},
	} {
		if _, _, err := c.Event(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v; want %q", o, err, want)
		}
	}
}

// TestNothingIsOverwritten: a file that is in the way is left, and what was written before it is taken back.
func TestNothingIsOverwritten(t *testing.T) {
	c := clinic(t)
	write(t, filepath.Join(c.Root, "services/stories/billing.txtar"), []byte("mine"))
	planned, err := c.Service(scaffold.ServiceOptions{Name: "billing", HTTP: []string{"POST /invoices"}})
	if err != nil {
		t.Fatal(err)
	}
	exists, ok := errors.AsType[*scaffold.ExistsError](c.Write(t.Context(), planned.Files))
	if !ok || exists.File != "services/stories/billing.txtar" {
		t.Errorf("got %v", exists)
	}
	failed := errors.New("no types")
	c.Generate = func(context.Context, string) error { return failed }
	planned, err = c.Service(scaffold.ServiceOptions{Name: "desk", HTTP: []string{"POST /desks"}, Publishes: []string{"desk.set.v1"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Write(t.Context(), planned.Files); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	for _, gone := range []string{"services/billing", "services/desk", "events"} {
		if _, err := os.Stat(filepath.Join(c.Root, gone)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there: %v", gone, err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(c.Root, "services/stories/billing.txtar")); err != nil || string(text) != "mine" {
		t.Errorf("the file in the way: %q, %v", text, err)
	}
}
