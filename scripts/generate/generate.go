package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"go/format"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"
	"unicode"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

//go:embed events_gen.go.tmpl
var source string

var file = template.Must(template.New("events_gen.go").Parse(source))

// producer is the template's data for one folder.
type producer struct {
	Name   string // of the package: the folder without hyphens
	Events []event
	models
}

type event struct {
	schema.Event
	Var         string // "lampLit"
	ID          string // the field with the subject: "LampID"
	ChannelName string // "EventBridge"
}

var channelNames = map[events.Channel]string{
	events.EventBridge: "EventBridge",
	events.SNS:         "SNS",
	events.Queue:       "Queue",
}

// generate returns the content of every generated file by its path, relative to the module root.
func generate(ctx context.Context, root string) (map[string][]byte, error) {
	loaded, err := schema.Load(os.DirFS(filepath.Join(root, "events")))
	if err != nil {
		return nil, err
	}
	byProducer := map[string][]event{}
	for _, e := range loaded {
		if want := typeName(e.Type); e.Title != want {
			return nil, fmt.Errorf("%s: the title is %q: the Go type of %s is %s", e.File, e.Title, e.Type, want)
		}
		byProducer[e.Producer] = append(byProducer[e.Producer], newEvent(e))
	}
	files := map[string][]byte{}
	for name, published := range byProducer {
		content, err := render(ctx, root, strings.ReplaceAll(name, "-", ""), published)
		if err != nil {
			return nil, fmt.Errorf("events/%s: %w", name, err)
		}
		files[path.Join("events", name, "events_gen.go")] = content
	}
	return files, nil
}

func render(ctx context.Context, root, name string, published []event) ([]byte, error) {
	var schemas []string
	for _, e := range published {
		schemas = append(schemas, path.Join("events", e.File))
	}
	types, err := runModels(ctx, root, name, schemas)
	if err != nil {
		return nil, err
	}
	if err := types.document(published); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := file.Execute(&out, producer{Name: name, Events: published, models: types}); err != nil {
		return nil, err
	}
	return format.Source(out.Bytes())
}

func newEvent(e schema.Event) event {
	return event{
		Event:       e,
		Var:         strings.ToLower(e.Title[:1]) + e.Title[1:],
		ID:          fieldName(e.Subject),
		ChannelName: channelNames[e.Channel],
	}
}

// typeName returns the Go name of an event: LampLit for lamp.lit.v1, and LampLitV2 for its second version.
func typeName(eventType string) string {
	words := strings.Split(strings.TrimSuffix(eventType, ".v1"), ".")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// fieldName returns the Go name of a member as go-jsonschema does: LampID for lampId.
func fieldName(member string) string {
	if stem, isID := strings.CutSuffix(member, "Id"); isID {
		member = stem + "ID"
	}
	return string(unicode.ToUpper(rune(member[0]))) + member[1:]
}
