package schema

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"example.com/troupe/events"
)

const (
	schemaSuffix  = ".schema.json"
	exampleSuffix = ".example.json"
)

// Event is all that the files of an event tell.
type Event struct {
	events.Contract
	Title       string    // the Go type: "LampLit"
	Description string    // one sentence or two
	Subject     string    // the member of the data that Event.Subject returns: "lampId"
	File        string    // of the schema, in the root that was loaded
	Examples    []Example // by file name; the plain one is first
}

// Example is a document that keeps to the contract.
type Example struct {
	Name string // "" for the plain one, "dim" for lamp.lit.v1.dim.example.json
	File string
	Data []byte
}

// document is what Load reads of a schema.
type document struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Event       struct {
		Type     string         `json:"type"`
		Producer string         `json:"producer"`
		Channel  events.Channel `json:"channel"`
		Subject  string         `json:"subject"`
	} `json:"x-event"`
}

// Load reads every contract under a root, which is the folder events: a producer's
// folder is the registry of its events. They come sorted by producer and type.
// An error names the file and what is wrong with it.
func Load(root fs.FS) ([]Event, error) {
	files, err := fs.Glob(root, "*/*"+schemaSuffix)
	if err != nil {
		return nil, fmt.Errorf("find schemas: %w", err)
	}
	loaded := make([]Event, 0, len(files))
	for _, file := range files {
		if path.Dir(file) == "manifest" {
			continue // the one schema here that is not of an event
		}
		event, err := load(root, file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		loaded = append(loaded, event)
	}
	return loaded, nil
}

func load(root fs.FS, file string) (Event, error) {
	data, err := fs.ReadFile(root, file)
	if err != nil {
		return Event{}, err
	}
	var doc document
	if err := json.Unmarshal(data, &doc); err != nil {
		return Event{}, err
	}
	said := doc.Event
	event := Event{
		Contract: events.Contract{Type: said.Type, Producer: said.Producer, Channel: said.Channel, Schema: data},
		Title:    doc.Title, Description: doc.Description, Subject: said.Subject, File: file,
	}
	if want := path.Join(said.Producer, said.Type+schemaSuffix); want != file {
		return Event{}, fmt.Errorf("x-event says that this file is %s: rename one of them", want)
	}
	switch said.Channel {
	case events.EventBridge, events.SNS, events.Queue:
	default:
		return Event{}, fmt.Errorf("x-event names the channel %q: it must be eventbridge, sns or queue", said.Channel)
	}
	event.Examples, err = examples(root, strings.TrimSuffix(file, schemaSuffix))
	return event, err
}

// examples reads <stem>.example.json and <stem>.<name>.example.json.
func examples(root fs.FS, stem string) ([]Example, error) {
	plain := stem + exampleSuffix
	named, err := fs.Glob(root, stem+".*"+exampleSuffix)
	if err != nil {
		return nil, err
	}
	var read []Example
	for _, file := range append([]string{plain}, named...) {
		data, err := fs.ReadFile(root, file)
		if err != nil {
			return nil, fmt.Errorf("every event has an example: %w", err)
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, stem), exampleSuffix)
		read = append(read, Example{Name: strings.TrimPrefix(name, "."), File: file, Data: data})
	}
	return read, nil
}
