package schema

import (
	"bytes"
	"encoding/json"
	"errors"
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

// Event is everything in an event's files.
type Event struct {
	events.Contract
	Title       string    // the Go type: "LampLit"
	Description string    // one or two sentences
	Subject     string    // the member that Event.Subject returns: "lampId", or "/lamp/id" where it is deeper
	Outcome     Outcome   // "" for an event that ends nothing
	Personal    bool      // a file with the schema, or with definitions that it takes, has x-personal: Terraform sees no more
	File        string    // of the schema, relative to the loaded root
	Examples    []Example // by file name; the default one first
}

// Outcome is what an event says about the execution that it ends.
type Outcome string

// The outcomes.
const (
	Success Outcome = "success" // what was asked for is done
	Failure Outcome = "failure" // it will not be done
)

// Example is a document that conforms to the contract.
type Example struct {
	Name string // "" for the default one, "dim" for lamp.lit.v1.dim.example.json
	File string
	Data []byte
}

// document is the part of a schema that Load needs.
type document struct {
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Event       json.RawMessage `json:"x-event"`
}

// declaration is the value of x-event.
type declaration struct {
	Type     string         `json:"type"`
	Producer string         `json:"producer"`
	Channel  events.Channel `json:"channel"`
	Subject  string         `json:"subject"`
	Outcome  Outcome        `json:"outcome"`

	// Of an event from outside.
	Source     string `json:"source"`
	DetailType string `json:"detail-type"`
	Bus        string `json:"bus"`
}

// Load loads every contract below root, which is the folder events: the folders of producers are the registry. It
// returns them sorted by producer and type. An error names the file and the problem.
func Load(root fs.FS) ([]Event, error) {
	files, err := fs.Glob(root, "*/*"+schemaSuffix)
	if err != nil {
		return nil, fmt.Errorf("find schemas: %w", err)
	}
	loaded := make([]Event, 0, len(files))
	for _, file := range files {
		if path.Dir(file) == "manifest" {
			continue // the manifest's schema, the only one that isn't of an event
		}
		event, err := load(root, file)
		if _, placed := errors.AsType[*FileError](err); err != nil && !placed {
			err = fmt.Errorf("%s: %w", file, err)
		}
		if err != nil {
			return nil, err
		}
		loaded = append(loaded, event)
	}
	return loaded, distinct(loaded)
}

func load(root fs.FS, file string) (Event, error) {
	source, err := fs.ReadFile(root, file)
	if err != nil {
		return Event{}, err
	}
	var doc document
	if err := ReadJSON(file, source, &doc); err != nil {
		return Event{}, err
	}
	data, shared, err := bundle(root, file, source)
	if err != nil {
		return Event{}, err
	}
	var declared declaration
	decoder := json.NewDecoder(bytes.NewReader(doc.Event))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&declared); err != nil {
		return Event{}, fmt.Errorf("x-event: %w", err)
	}
	event := Event{
		Contract: events.Contract{Type: declared.Type, Producer: declared.Producer, Channel: declared.Channel, Schema: data},
		Title:    doc.Title, Description: doc.Description, Subject: declared.Subject, Outcome: declared.Outcome, File: file,
		Personal: bytes.Contains(source, []byte(`"`+PersonalKeyword+`"`)) || shared,
	}
	if want := path.Join(declared.Producer, declared.Type+schemaSuffix); want != file {
		return Event{}, InFile(file, source, []Violation{{Place: "/x-event/type", Expected: "that of this file, which " + want + " is not: rename one of them"}})
	}
	if violation := declared.outside(&event); violation != nil {
		return Event{}, InFile(file, source, []Violation{*violation})
	}
	switch declared.Channel {
	case events.EventBridge, events.SNS, events.Queue:
	default:
		return Event{}, InFile(file, source, []Violation{{Place: "/x-event/channel", Expected: fmt.Sprintf("eventbridge, sns or queue, not %q", declared.Channel)}})
	}
	switch declared.Outcome {
	case "", Success, Failure:
	default:
		return Event{}, fmt.Errorf("x-event names the outcome %q: it must be success or failure; leave it out if the event ends nothing", declared.Outcome)
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
