package contracts_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/contracts"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
)

const (
	lamp  = "events/lighthouse/lamp.lit.v1.schema.json"
	storm = "events/harbour/storm.warned.v1.schema.json"
	quay  = `package quay

import "example.com/sea/events/lighthouse"

func (q Quay) Open(lit lighthouse.LampLit) int {
	return lit.Candelas
}

func (q Quay) Name(lit lighthouse.LampLit) string { return lit.LampID }
`
)

// repository commits the fixture, with code of the harbour, and returns its root.
func repository(t *testing.T) string {
	t.Helper()
	root := fixture.Root(t)
	write(t, filepath.Join(root, "services/harbour/internal/quay/quay.go"), quay)
	git(t, root, "init", "--quiet", "--initial-branch=main")
	git(t, root, "add", ".")
	git(t, root, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--message=sea")
	return root
}

func git(t *testing.T, root string, arguments ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", arguments...)
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", arguments, err, out)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, name, old, replacement string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s has no %s", name, old)
	}
	write(t, name, strings.Replace(string(text), old, replacement, 1))
}

func report(t *testing.T, root string) *contracts.Report {
	t.Helper()
	before, err := contracts.At(t.Context(), root, "main")
	if err != nil {
		t.Fatal(err)
	}
	now, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	made, err := contracts.Since(before, now)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestReportNamesWhoBreaksAndWhatToDo(t *testing.T) {
	root := repository(t)
	if made := report(t, root); made.String() != "" {
		t.Errorf("nothing has changed, but: %s", made)
	}
	change(t, filepath.Join(root, lamp), `"type": "integer", "minimum": 1, "maximum": 1000000`, `"type": "number", "minimum": 1, "maximum": 1000000`)
	change(t, filepath.Join(root, storm), `["sea", "force"]`, `["sea", "force", "hours"]`)
	change(t, filepath.Join(root, storm), `"force": {`, "\"hours\": {\"description\": \"How long.\", \"type\": \"integer\"},\n    \"note\": {\"description\": \"More.\", \"type\": \"string\"},\n    \"force\": {")
	made := report(t, root)
	want := strings.Join([]string{
		"events/harbour/storm.warned.v1.schema.json:10:5: hours is new, and required: old events don't have it",
		"    new consumers can't read old events: it breaks what waits in queues, redrives and replays",
		"    buoy subscribes to it",
		"    instead: leave it optional, or publish storm.warned.v2 beside it: make new EVENT=storm.warned.v2",
		"events/harbour/storm.warned.v1.schema.json:11:5: note is a new optional member",
		"events/lighthouse/lamp.lit.v1.schema.json:10:5: candelas is number, and was integer",
		"    old consumers can't read new events: it breaks what runs until all consumers are deployed",
		"    harbour subscribes to it: Quay.Open uses it at services/harbour/internal/quay/quay.go:6:13",
		"    instead: add a member of another name beside it, or publish lamp.lit.v2 beside it: make new EVENT=lamp.lit.v2",
	}, "\n")
	if made.String() != want || made.Breaking != 2 {
		t.Errorf("%d changes break somebody:\n%s\nwant:\n%s", made.Breaking, made, want)
	}
}

func TestReportSaysWhatBecomesPersonal(t *testing.T) {
	root := repository(t)
	change(t, filepath.Join(root, storm), `"type": "integer", "minimum": 0`, `"type": "integer", "x-personal": true, "minimum": 0`)
	change(t, filepath.Join(root, "events/harbour/ship.docked.v1.schema.json"), `, "x-personal": true`, ``)
	made := report(t, root)
	for _, want := range []string{
		"storm.warned.v1.schema.json:10:5: force is personal data now: steps, logs and the console hide it; what was logged before stays until the logs expire",
		"ship.docked.v1.schema.json:11:5: captain is personal data no more: steps, logs and the console show it",
	} {
		if !strings.Contains(made.String(), want) || made.Breaking != 0 {
			t.Errorf("%d changes break somebody:\n%s\nwant %s", made.Breaking, made, want)
		}
	}
}

func TestAFunctionThatKnowsOnlyAPartOfTheEventCounts(t *testing.T) {
	root := repository(t)
	change(t, filepath.Join(root, lamp), `"candelas": {`, `"lens": {"$ref": "#/$defs/Lens"}, "candelas": {`)
	change(t, filepath.Join(root, lamp), "1000000}\n  }", "1000000}\n  },\n  \"$defs\": {\"Lens\": {\"description\": \"Lens is glass.\", \"type\": \"object\", \"properties\": {\"width\": {\"type\": \"integer\"}}}}")
	write(t, filepath.Join(root, "services/harbour/internal/quay/lens.go"), "package quay\n\nimport \"example.com/sea/events/lighthouse\"\n\nfunc wide(lens lighthouse.Lens) bool {\n\treturn *lens.Width > 2\n}\n")
	git(t, root, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--all", "--message=lens")
	change(t, filepath.Join(root, lamp), `"width": {"type": "integer"}`, `"width": {"type": "number"}`)
	made := report(t, root)
	const want = "lens.width is number, and was integer"
	if made.Breaking != 1 || !strings.Contains(made.String(), want) || !strings.Contains(made.String(), "wide uses it at services/harbour/internal/quay/lens.go:6:15") {
		t.Errorf("%d break:\n%s", made.Breaking, made)
	}
}

func TestAnExceptionCountsOnceAndWithAReason(t *testing.T) {
	root := repository(t)
	change(t, filepath.Join(root, lamp), `"type": "integer"`, `"type": "number"`)
	change(t, filepath.Join(root, lamp), `"title"`, "\"x-breaking\": \"nobody lights lamps yet\",\n  \"title\"")
	made := report(t, root)
	if made.Breaking != 0 || !strings.Contains(made.String(), "excused: nobody lights lamps yet") {
		t.Errorf("%d break:\n%s", made.Breaking, made)
	}
	git(t, root, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--all", "--message=number")
	change(t, filepath.Join(root, lamp), `"type": "number"`, `"type": "string"`)
	change(t, filepath.Join(root, lamp), `, "minimum": 1, "maximum": 1000000`, ``)
	if made := report(t, root); made.Breaking != 1 {
		t.Errorf("the reason of an earlier change excuses a later one: %d break:\n%s", made.Breaking, made)
	}
}

func TestARemovedMemberBreaksTheRulesThatFilterByIt(t *testing.T) {
	root := repository(t)
	change(t, filepath.Join(root, storm), `["sea", "force"]`, `["sea"]`)
	git(t, root, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--all", "--message=optional")
	change(t, filepath.Join(root, storm), "\n    \"force\": {\"description\": \"On Beaufort's scale.\", \"type\": \"integer\", \"minimum\": 0, \"maximum\": 12}", "")
	change(t, filepath.Join(root, storm), `64},`, `64}`)
	change(t, filepath.Join(root, "services/buoy/service.json"), `, "force": [{"numeric": [">=", 8]}]`, ``)
	made := report(t, root)
	if made.Breaking != 1 || !strings.Contains(made.String(), "buoy subscribes to it: its rule at services/buoy/service.json:7:") {
		t.Errorf("%d break:\n%s", made.Breaking, made)
	}
}

func TestWhatIsFixedAboutAnEventBreaksEverybody(t *testing.T) {
	root := repository(t)
	change(t, filepath.Join(root, lamp), `"channel": "eventbridge"`, `"channel": "sns"`)
	made := report(t, root)
	if made.Breaking != 1 || !strings.Contains(made.String(), "lamp.lit.v1.schema.json:3:64: the event has the channel sns, and had eventbridge") {
		t.Errorf("%d break:\n%s", made.Breaking, made)
	}
}

func TestNewAndRemovedEventsAreTold(t *testing.T) {
	root := repository(t)
	for _, end := range []string{".schema.json", ".example.json"} {
		text, err := os.ReadFile(filepath.Join(root, "events/harbour/ship.docked.v1"+end))
		if err != nil {
			t.Fatal(err)
		}
		moved := strings.NewReplacer("ship.docked.v1", "ship.sailed.v1", "ShipDocked", "ShipSailed").Replace(string(text))
		write(t, filepath.Join(root, "events/harbour/ship.sailed.v1"+end), moved)
		if err := os.Remove(filepath.Join(root, "events/harbour/ship.docked.v1"+end)); err != nil {
			t.Fatal(err)
		}
	}
	made := report(t, root)
	for _, want := range []string{"events/harbour/ship.sailed.v1.schema.json is new", "events/harbour/ship.docked.v1.schema.json is gone"} {
		if made.Breaking != 0 || !strings.Contains(made.String(), want) {
			t.Errorf("%d break:\n%s\nwant %s", made.Breaking, made, want)
		}
	}
}

func TestABaseThatIsNotHere(t *testing.T) {
	_, err := contracts.At(t.Context(), repository(t), "origin/main")
	if _, typed := errors.AsType[*contracts.UnknownBaseError](err); !typed || !strings.Contains(err.Error(), "git fetch origin") {
		t.Errorf("got %v", err)
	}
}

// TestTheBaseIsWhereTheBranchBegan checks that what main got since the branch began is nobody's change.
func TestTheBaseIsWhereTheBranchBegan(t *testing.T) {
	root := repository(t)
	git(t, root, "checkout", "--quiet", "-b", "mine")
	git(t, root, "checkout", "--quiet", "main")
	change(t, filepath.Join(root, lamp), `"type": "integer"`, `"type": "number"`)
	git(t, root, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--all", "--message=number")
	git(t, root, "checkout", "--quiet", "mine")
	if made := report(t, root); made.String() != "" {
		t.Errorf("the branch changed nothing, but: %s", made)
	}
}
