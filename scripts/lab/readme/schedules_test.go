package readme

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/rename"
)

// snippet matches a block of JSON or Go of a page.
var snippet = regexp.MustCompile("(?s)```(json|go)\n(.*?)```")

// around is what the Go snippets of services/SCHEDULES.md leave out.
var around = map[string]string{
	"services/ofthepage/booking/events.go": `package booking

import (
	"time"

	"example.com/troupe/events"
)

type AppointmentBooked struct {
	AppointmentID string
	At            time.Time
}
type AppointmentCancelled struct{ AppointmentID string }

func (AppointmentBooked) Contract() *events.Contract { return nil }
func (AppointmentBooked) Subject() string            { return "" }
`,
	"services/ofthepage/desk/events.go": `package desk

import "example.com/troupe/events"

type AppointmentNear struct{ AppointmentID string }
type PatientReminded struct{ AppointmentID string }

func (AppointmentNear) Contract() *events.Contract { return nil }
func (AppointmentNear) Subject() string            { return "" }
func (PatientReminded) Contract() *events.Contract { return nil }
func (PatientReminded) Subject() string            { return "" }
`,
	"services/ofthepage/main.go": `package main

import (
	"context"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/kit/reminders"
	"example.com/troupe/services/ofthepage/booking"
	"example.com/troupe/services/ofthepage/desk"
)

var manifest []byte

func setup(*host.Runtime) error { return nil }

type Desk struct{}
type Appointment struct {
	ID, Reminder string
	Cancelled    bool
}

func (*Appointment) Key() string { return "" }
`,
}

// TestTheSnippetsOfSchedules holds the page's service.json to the contracts that it needs, and compiles its code.
func TestTheSnippetsOfSchedules(t *testing.T) {
	page, err := os.ReadFile(root + "/services/SCHEDULES.md")
	if err != nil {
		t.Fatal(err)
	}
	var declared, code, statements string
	for _, match := range snippet.FindAllStringSubmatch(string(page), -1) {
		switch text := match[2]; {
		case match[1] == "json":
			declared = text
		case strings.HasPrefix(text, "func "):
			code += text
		default:
			statements += text
		}
	}
	checkDeclaration(t, declared)
	compile(t, code+"func main() {\n"+statements+"}\n")
}

func checkDeclaration(t *testing.T, members string) {
	t.Helper()
	file := `{"name": "clinic", "description": "Of the page.", "runtime": "lambda", ` + members + `}`
	manifests, err := manifest.Load(fstest.MapFS{"services/clinic/service.json": {Data: []byte(file)}})
	if err != nil {
		t.Fatal(err)
	}
	var contracts []schema.Event
	for eventType, subject := range map[string]string{"report.due.v1": "clinicId", "ward.inspected.v1": "wardId"} {
		contracts = append(contracts, schema.Event{Subject: subject, Contract: events.Contract{
			Type: eventType, Producer: "clinic", Channel: events.EventBridge, Schema: []byte(`{"type": "object", "required": ["` + subject + `"]}`),
		}})
	}
	if err := manifest.Verify(manifests, contracts); err != nil || len(manifests[0].Schedules) != 2 {
		t.Errorf("%d schedules: %v", len(manifests[0].Schedules), err)
	}
}

// compile builds the code as a service of the checkout, in which its files only seem to be.
func compile(t *testing.T, code string) {
	t.Helper()
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	module, err := rename.ModulePath(checkout)
	if err != nil {
		t.Fatal(err)
	}
	folder, replace := t.TempDir(), map[string]string{}
	for name, text := range around {
		if path.Base(name) == "main.go" {
			text += code
		}
		text = strings.ReplaceAll(text, "example.com/troupe/", module+"/") // unless the checkout is renamed
		file := filepath.Join(folder, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(checkout, name)] = file
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", file, "-o", os.DevNull, "./services/ofthepage")
	build.Dir = checkout
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, out, code)
	}
}
