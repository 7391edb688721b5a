// Package codegen writes the Go types of the events from their schemas.
//
// It knows the part of JSON Schema whose documents Go can hold so that a domain reads well: objects, lists, maps, text,
// numbers, times, enums, null, and alternatives that a constant tells apart. Keywords that only constrain values don't
// change the Go type; the validator checks them. Everything else is refused at its line, with what to write instead:
// what is silently read as interface{} would be found by whoever publishes or handles the event first.
package codegen

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

//go:embed events_gen.go.tmpl
var source string

var file = template.Must(template.New("events_gen.go").Parse(source))

// producer is the template's data for one folder.
type producer struct {
	Name    string // of the package: the folder without hyphens
	Imports []string
	Events  []event
	Types   []string // declarations

	Personal []string // names of members that hold personal data, quoted
}

type event struct {
	schema.Event
	Var         string // "lampLit"
	ID          string // the expression of its subject: "e.LampID"
	ChannelName string // "EventBridge"
	Bundle      string // the schema as a Go literal where it has parts in other files; "" embeds the file
}

var channelNames = map[events.Channel]string{
	events.EventBridge: "EventBridge",
	events.SNS:         "SNS",
	events.Queue:       "Queue",
}

// Generate returns the content of every generated file by its path, relative to the root of a checkout.
func Generate(root string) (map[string][]byte, error) {
	folder := os.DirFS(filepath.Join(root, "events"))
	loaded, err := schema.Load(folder)
	if err != nil {
		return nil, fmt.Errorf("events/%w", err)
	}
	byProducer := map[string][]schema.Event{}
	for _, e := range loaded {
		byProducer[e.Producer] = append(byProducer[e.Producer], e)
	}
	files := map[string][]byte{}
	var problems []error
	for name, published := range byProducer {
		content, err := render(reader{folder, map[string]*document{}}, strings.ReplaceAll(name, "-", ""), published)
		problems = append(problems, err)
		files[path.Join("events", name, "events_gen.go")] = content
	}
	return files, errors.Join(problems...)
}

func render(read reader, name string, published []schema.Event) ([]byte, error) {
	t := types{reader: read, declared: map[string]*declaration{"Event": {}}, imports: []string{`_ "embed"`}}
	made := producer{Name: name}
	for _, e := range published {
		made.Events = append(made.Events, t.event(e))
	}
	if err := t.refused(); err != nil {
		return nil, err
	}
	for _, e := range published {
		compiled, err := schema.Compile(e.File, e.Schema)
		if err != nil {
			return nil, fmt.Errorf("events/%s: %w", e.File, err)
		}
		for _, name := range compiled.Personal() {
			made.Personal = append(made.Personal, fmt.Sprintf("%q", name))
		}
	}
	slices.Sort(made.Personal)
	made.Personal = slices.Compact(made.Personal)
	made.Types, made.Imports = t.source(), t.imports
	slices.Sort(made.Imports)
	slices.SortFunc(made.Imports, func(a, b string) int {
		return strings.Compare(strings.TrimPrefix(a, "_ "), strings.TrimPrefix(b, "_ "))
	})
	var out bytes.Buffer
	if err := file.Execute(&out, made); err != nil {
		return nil, err
	}
	return format.Source(out.Bytes())
}

// event declares the types of an event.
func (t *types) event(e schema.Event) event {
	made := event{Event: e, Var: strings.ToLower(e.Title[:min(1, len(e.Title))]) + e.Title[min(1, len(e.Title)):], ChannelName: channelNames[e.Channel]}
	doc, err := t.read(e.File)
	if err != nil {
		t.errs = append(t.errs, err)
		return made
	}
	root := node{doc: doc, value: doc.root}
	if want := TypeName(e.Type); e.Title != want {
		t.refuse(root.at("title"), "%s, the Go type of %s", want, e.Type)
		return made
	}
	if !bytes.Equal(doc.data, e.Schema) {
		made.Bundle = literal(e.Schema)
	}
	if dialect, _ := root.value["$schema"].(string); dialect != "" && !strings.Contains(dialect, "/2020-12/") {
		t.refuse(root.at("$schema"), "https://json-schema.org/draft/2020-12/schema")
	}
	for _, name := range root.keys("$defs") {
		t.define(root.at("$defs", name), name)
	}
	if !t.object(root) {
		t.refuse(root, `an object with "type": "object" and "properties": put alternatives, lists and maps into a member of it`)
		return made
	}
	t.declare(e.Title, root, func() string { return t.structure(root, e.Title) })
	made.ID = t.subject(root, e)
	return made
}

// literal returns a schema as a Go literal.
func literal(document []byte) string {
	if bytes.ContainsAny(document, "`\r") {
		return fmt.Sprintf("%q", document)
	}
	return "`" + string(bytes.TrimSpace(document)) + "`"
}

func either(names []string, otherwise string) string {
	if len(names) == 0 {
		return otherwise
	}
	return strings.Join(names, ", ")
}
