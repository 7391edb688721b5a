// Package personal hides personal data in what tools show, and finds it where a person must be erased. What is personal,
// contracts say with x-personal, and service.json with "personal" for what no contract describes.
package personal

import (
	"encoding/json"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/stack"
)

// Declared is what a checkout declares to be personal.
type Declared struct {
	contracts map[string]*events.Contract // by type
	personal  map[string][]string         // members, by type of event; without events that have none
	members   map[string]schema.Members   // by service
}

// Of returns what a checkout declares. A schema that can't be compiled is an error.
func Of(declared *stack.Declared) (*Declared, error) {
	d := &Declared{contracts: map[string]*events.Contract{}, personal: map[string][]string{}, members: map[string]schema.Members{}}
	for i := range declared.Contracts {
		contract := &declared.Contracts[i].Contract
		d.contracts[contract.Type] = contract
		if !declared.Contracts[i].Personal {
			continue
		}
		compiled, err := schema.Compile(contract.Type, contract.Schema)
		if err != nil {
			return nil, err
		}
		if names := compiled.Personal(); len(names) > 0 {
			d.personal[contract.Type] = names
		}
	}
	for _, m := range declared.Manifests {
		names := slices.Clone(m.Personal)
		for _, s := range m.Subscribes {
			names = append(names, d.personal[s.Event]...)
		}
		for _, event := range m.Publishes {
			names = append(names, d.personal[event]...)
		}
		slices.Sort(names)
		d.members[m.Name] = slices.Compact(names)
	}
	return d, nil
}

// Members returns the names of the members that hold personal data in a service's documents, requests and responses.
func (d *Declared) Members(service string) schema.Members { return d.members[service] }

// Marks reports whether the contract of a type of event marks personal data.
func (d *Declared) Marks(eventType string) bool { return d.personal[eventType] != nil }

// Hide returns a message as it may be shown: an event without its personal data. If any event has personal data, nothing is
// shown of what is no known event.
func (d *Declared) Hide(body json.RawMessage) json.RawMessage {
	hidden, _ := json.Marshal(schema.Hidden) // encoding a string can't fail
	var message map[string]json.RawMessage
	if json.Unmarshal(body, &message) != nil {
		return d.unless(hidden, body)
	}
	_, bridged := message["detail-type"]
	envelope := message
	if bridged {
		envelope = nil // or the detail would be decoded into the message
		if json.Unmarshal(message["detail"], &envelope) != nil {
			return d.unless(hidden, body)
		}
	}
	var about events.Metadata
	_ = json.Unmarshal(envelope["metadata"], &about) // then its type is unknown
	contract := d.contracts[about.Type]
	switch {
	case contract == nil:
		return d.unless(hidden, body)
	case !d.Marks(about.Type):
		return body
	}
	envelope["data"], _ = schema.Hide(contract, envelope["data"])
	shown, _ := json.Marshal(envelope) // it was decoded a moment ago
	if bridged {
		message["detail"] = shown
		shown, _ = json.Marshal(message)
	}
	return shown
}

// unless returns what is shown of a message that is no known event.
func (d *Declared) unless(hidden, body json.RawMessage) json.RawMessage {
	if len(d.personal) > 0 {
		return hidden
	}
	return body
}
