package docs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// The versions of AsyncAPI and of its bindings. Those of SNS and SQS are the ones that the official parser takes with 3.0.0;
// their specifications are ahead of it.
const (
	asyncAPI   = "3.0.0"
	snsBinding = "0.1.0"
	sqsBinding = "0.2.0"
)

// version is the document's version. Each event has its own in its type, within which make contracts lets nothing break.
// One of the whole that changed with every declaration would conflict in every merge, and say nothing.
const version = "1.0.0"

// document is an AsyncAPI document. Objects of its specification have its names: asyncapi.com/docs/reference/specification/v3.0.0
type document struct {
	AsyncAPI           string               `json:"asyncapi"`
	Info               info                 `json:"info"`
	DefaultContentType string               `json:"defaultContentType"`
	Servers            map[string]server    `json:"servers"`
	Channels           map[string]channel   `json:"channels"`
	Operations         map[string]operation `json:"operations"`
	Components         struct {
		Messages        map[string]message `json:"messages"`
		Schemas         map[string]any     `json:"schemas"`
		OperationTraits map[string]trait   `json:"operationTraits,omitempty"`
	} `json:"components"`
}

type info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
	Tags        []tag  `json:"tags,omitempty"`
}

type tag struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

type reference struct {
	Ref string `json:"$ref"`
}

type channel struct {
	Address     string               `json:"address"`
	Title       string               `json:"title"`
	Description string               `json:"description"`
	Messages    map[string]reference `json:"messages"`
	Servers     []reference          `json:"servers"`
	Parameters  map[string]parameter `json:"parameters,omitempty"`
	Bindings    map[string]any       `json:"bindings,omitempty"`
	EventBridge any                  `json:"x-eventbridge,omitempty"` // AsyncAPI has no binding of it
}

type parameter struct {
	Enum        []string `json:"enum,omitempty"`
	Default     string   `json:"default,omitempty"`
	Description string   `json:"description"`
}

type message struct {
	Name          string         `json:"name"`
	Title         string         `json:"title"`
	Description   string         `json:"description"`
	Tags          []tag          `json:"tags"`
	CorrelationID *correlationID `json:"correlationId,omitempty"`
	Payload       object         `json:"payload"`
	Examples      []example      `json:"examples"`
}

type correlationID struct {
	Location string `json:"location"`
}

type example struct {
	Name    string `json:"name"`
	Payload any    `json:"payload"` // an events.Envelope, or the data alone
}

// AsyncAPI returns the document of the whole system, or of one service: what it sends and receives.
func (s *system) AsyncAPI(only string) ([]byte, error) {
	d := document{AsyncAPI: asyncAPI, DefaultContentType: "application/json", Channels: map[string]channel{}, Operations: map[string]operation{}}
	d.Info = info{Title: s.Names.Project, Version: version, Description: "What the services of " + s.Names.Project +
		" tell each other. Each publishes what happened as an event, and receives others' events in a queue of its own."}
	d.Components.Messages, d.Components.OperationTraits = map[string]message{}, map[string]trait{}
	for _, service := range s.Services {
		if only != "" && service.Name != only {
			continue
		}
		about := service.Description
		if service.Owner != "" {
			about += " Owner: " + service.Owner + "."
		}
		if only != "" {
			d.Info.Title, d.Info.Description = service.Name, about
		}
		d.Info.Tags = append(d.Info.Tags, tag{service.Name, about})
		s.operations(&d, service)
	}
	var described []*event
	for _, e := range s.Events {
		if _, exchanged := d.Components.Messages[e.Type]; !exchanged && only != "" {
			continue
		}
		described = append(described, e)
		if err := s.exchange(&d, e); err != nil {
			return nil, err
		}
	}
	schemas, err := s.schemas(described)
	if err != nil {
		return nil, err
	}
	d.Components.Schemas, d.Servers = schemas, s.servers(d.Channels)
	return indented(d)
}

// exchange adds an event's message and its channel.
func (s *system) exchange(d *document, e *event) error {
	described, err := s.message(e)
	if err != nil {
		return err
	}
	d.Components.Messages[e.Type] = described
	id := channelID(e)
	made, known := d.Channels[id]
	if !known {
		made = s.channel(e)
	}
	made.Messages[e.Type] = reference{"#/components/messages/" + e.Type}
	d.Channels[id] = made
	return nil
}

// channelID returns the ID of an event's channel: its type, or its producer's queue, which several may share.
func channelID(e *event) string {
	if e.Channel == events.Queue {
		return e.Producer + ".queue"
	}
	return e.Type
}

func (s *system) message(e *event) (message, error) {
	m := message{
		Name: e.Type, Title: e.Title, Description: e.Description,
		Tags:          []tag{{Name: e.Producer}, {Name: string(e.Channel)}},
		CorrelationID: &correlationID{"$message.payload#/metadata/correlationId"},
	}
	if e.Outcome != "" {
		m.Tags = append(m.Tags, tag{Name: string(e.Outcome), Description: "It ends an execution."})
	}
	if e.Outside != nil { // its publisher knows no envelope: the message is the data alone
		m.CorrelationID, m.Payload = nil, object{{"$ref", components + e.Type}}
		for _, written := range e.Examples {
			m.Examples = append(m.Examples, example{cmp.Or(written.Name, "example"), json.RawMessage(written.Data)})
		}
		return m, nil
	}
	fixed := func(value string) object { return object{{"const", value}} }
	m.Payload = object{
		{"type", "object"},
		{"required", []any{"metadata", "data"}},
		{"properties", object{
			{"metadata", object{
				{"allOf", []any{object{{"$ref", components + metadata}}}},
				{"properties", object{{"type", fixed(e.Type)}, {"producer", fixed(e.Producer)}}},
			}},
			{"data", object{{"$ref", components + e.Type}}},
		}},
	}
	for _, written := range e.Examples {
		made, err := envelope(e, written)
		if err != nil {
			return m, err
		}
		m.Examples = append(m.Examples, made)
	}
	return m, nil
}

// then is when the examples happened.
var then = time.Date(2026, time.January, 5, 12, 0, 0, 0, time.UTC)

// envelope returns an example as it is sent.
func envelope(e *event, written schema.Example) (example, error) {
	data, err := decode(written.Data)
	if err != nil {
		return example{}, fmt.Errorf("events/%s: %w", written.File, err)
	}
	members, _ := data.(object)
	name := cmp.Or(written.Name, "example")
	id := events.DeriveID(e.Type, name, 0)
	return example{name, events.Envelope{
		Metadata: events.Metadata{ID: id, Type: e.Type, Subject: members.text(e.Subject), CorrelationID: id, Producer: e.Producer, OccurredAt: then},
		Data:     written.Data,
	}}, nil
}

// indented writes a value as JSON for people.
func indented(value any) ([]byte, error) {
	text, err := encode(value)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return nil, err
	}
	return append(out.Bytes(), '\n'), nil
}
