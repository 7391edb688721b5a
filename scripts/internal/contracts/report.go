package contracts

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/codegen"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/usage"
)

// exception is the member of a schema that gives the reason for a breaking change within a version. It counts for the change
// that it comes with: once it is in the base as it is, it excuses nothing.
const exception = "x-breaking"

// Report is what changed between two states of a checkout.
type Report struct {
	Lines    []string // for a person, with file, line and column
	Breaking int      // changes that break somebody and that nothing excuses
}

func (r *Report) say(indent int, format string, args ...any) {
	r.Lines = append(r.Lines, strings.Repeat("    ", indent)+fmt.Sprintf(format, args...))
}

// String returns all lines.
func (r *Report) String() string { return strings.Join(r.Lines, "\n") }

// Since compares a checkout with an earlier state of itself.
func Since(before, now *stack.Declared) (*Report, error) {
	r := &Report{}
	for _, event := range now.Contracts {
		old := find(before.Contracts, event.Type)
		if old == nil {
			r.say(0, "events/%s is new", event.File)
			continue
		}
		if err := r.event(*old, event, before, now); err != nil {
			return nil, fmt.Errorf("compare events/%s: %w", event.File, err)
		}
	}
	for _, event := range before.Contracts {
		if find(now.Contracts, event.Type) == nil {
			r.say(0, "events/%s is gone: no service handles what waits in queues, dead-letter queues and the archive", event.File)
		}
	}
	return r, nil
}

func find(contracts []schema.Event, eventType string) *schema.Event {
	at := slices.IndexFunc(contracts, func(e schema.Event) bool { return e.Type == eventType })
	if at < 0 {
		return nil
	}
	return &contracts[at]
}

func (r *Report) event(old, event schema.Event, before, now *stack.Declared) error {
	changes, err := Compare(old.Schema, event.Schema)
	if err != nil {
		return err
	}
	excuse := excused(old.Schema, event.Schema)
	data, err := os.ReadFile(now.Root + "/events/" + event.File)
	if err != nil {
		return err
	}
	for _, change := range changes {
		lines, filtered, err := affected(change, event, before, now)
		if err != nil {
			return err
		}
		if change.Removed && filtered {
			change.OldReaders = true // the rules of services that run don't match any more
		}
		at := position(schema.InFile("events/"+event.File, data, []schema.Violation{{Place: change.Place}}))
		r.say(0, "%s: %s %s", at, change.Member(), change.What)
		if !change.Breaks() {
			if change.Removed {
				r.all(lines)
			}
			continue
		}
		if change.OldReaders {
			r.say(1, "old consumers can't read new events: it breaks what runs until all consumers are deployed")
		}
		if change.NewReaders {
			r.say(1, "new consumers can't read old events: it breaks what waits in queues, redrives and replays")
		}
		r.all(lines)
		if excuse != "" {
			r.say(1, "excused: %s", excuse)
			continue
		}
		r.Breaking++
		r.say(1, "instead: %s", advice(change, event.Type))
	}
	return nil
}

// position returns where the first violation in a file is: file:line:column.
func position(inFile error) string {
	file, placed := errors.AsType[*schema.FileError](inFile)
	if !placed {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", file.File, file.Problems[0].Line, file.Problems[0].Column)
}

func (r *Report) all(lines []string) {
	for _, line := range lines {
		r.say(1, "%s", line)
	}
}

func advice(change Change, eventType string) string {
	version := fmt.Sprintf("publish %s beside it: make new EVENT=%[1]s", codegen.NextVersion(eventType))
	if change.Instead == "" {
		return version
	}
	return change.Instead + ", or " + version
}

// excused returns the reason for a breaking change, if it is new in the schema.
func excused(before, after []byte) string {
	reason := func(document []byte) string {
		var s map[string]any
		if err := json.Unmarshal(document, &s); err != nil {
			return ""
		}
		text, _ := s[exception].(string)
		return text
	}
	if now := reason(after); now != reason(before) {
		return now
	}
	return ""
}

// affected returns a line for each service that receives the event, with the rules and functions that use the changed
// member, and whether any rule filters by it.
func affected(change Change, event schema.Event, before, now *stack.Declared) (lines []string, filtered bool, err error) {
	for _, m := range now.Manifests {
		if !m.SubscribesTo(event.Type) {
			continue
		}
		var uses []string
		for _, state := range []*stack.Declared{now, before} {
			if rule := ruleOn(state, m.Name, event.Type, change.Members); rule != "" && !slices.Contains(uses, rule) {
				uses, filtered = append(uses, rule), true
			}
		}
		functions, err := usage.Of(now.Root, m.Name)
		if err != nil {
			return nil, false, err
		}
		uses = append(uses, using(functions, event, change.Members)...)
		lines = append(lines, strings.TrimSuffix(fmt.Sprintf("%s subscribes to it: %s", m.Name, strings.Join(uses, "; ")), ": "))
	}
	return lines, filtered, nil
}

// ruleOn returns the place of a service's where, if that filters by a member.
func ruleOn(state *stack.Declared, service, eventType string, members []string) string {
	at := slices.IndexFunc(state.Manifests, func(m *manifest.Manifest) bool { return m.Name == service })
	if at < 0 || len(members) == 0 {
		return ""
	}
	for i, s := range state.Manifests[at].Subscribes {
		var where struct{ Data map[string]any }
		if s.Event != eventType || json.Unmarshal(s.Where, &where) != nil {
			continue
		}
		if filters(where.Data, names(members)) {
			place := fmt.Sprintf("/subscribes/%d/where/data/%s", i, strings.Join(names(members), "/"))
			return fmt.Sprintf("its rule at %s filters by it", position(state.Manifests[at].InFile(schema.Violation{Place: place})))
		}
	}
	return ""
}

// names returns the members of a path that have names: not an array's items, nor alternatives.
func names(members []string) (named []string) {
	for _, m := range members {
		if !strings.ContainsAny(m, "[({") {
			named = append(named, m)
		}
	}
	return named
}

func filters(pattern map[string]any, members []string) bool {
	if alternatives, is := pattern["$or"].([]any); is {
		for _, alternative := range alternatives {
			if filters(object(alternative), members) {
				return true
			}
		}
	}
	if len(members) == 0 {
		return len(pattern) > 0
	}
	inner, found := pattern[members[0]]
	return found && (len(members) == 1 || filters(object(inner), members[1:]))
}

// using returns the functions that mention the event, or a type in it, and select the changed member.
func using(functions []usage.Function, event schema.Event, members []string) (uses []string) {
	named := names(members)
	if len(named) == 0 {
		return nil
	}
	field := codegen.FieldName(named[len(named)-1])
	types := []string{event.Title}
	var document struct {
		Defs map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(event.Schema, &document); err == nil {
		for name := range document.Defs {
			types = append(types, codegen.FieldName(name))
		}
	}
	for _, function := range functions {
		if !slices.ContainsFunc(types, func(name string) bool { return function.Mentions(event.Producer, name) }) {
			continue
		}
		for _, used := range function.Fields {
			if strings.TrimSuffix(used.Name, "_") == field {
				uses = append(uses, fmt.Sprintf("%s uses it at %s", function.Name, used.At))
				break
			}
		}
	}
	return uses
}
