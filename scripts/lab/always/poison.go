package always

import (
	"encoding/json"
	"slices"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// Poison is an event that breaks its contract, so that its subscribers can only dead-letter it.
type Poison struct {
	Message     events.Message
	Subscribers []string
	Sure        []string // subscribers that receive it for sure: those without a condition
}

// NewPoison makes poison from an example of an event that has a subscriber; ok is false if no event has one. intn
// chooses, like rand.IntN.
func NewPoison(contracts []schema.Event, services []*manifest.Manifest, id string, intn func(int) int) (p Poison, ok bool) {
	var candidates []schema.Event
	for _, c := range contracts {
		if c.Channel != events.Queue && c.Outside == nil && slices.ContainsFunc(services, func(m *manifest.Manifest) bool { return m.SubscribesTo(c.Type) }) {
			candidates = append(candidates, c)
		}
	}
	if len(candidates) == 0 {
		return p, false
	}
	chosen := candidates[intn(len(candidates))]
	for _, m := range services {
		for _, s := range m.Subscribes {
			if s.Event != chosen.Type {
				continue
			}
			p.Subscribers = append(p.Subscribers, m.Name)
			if s.Where == nil {
				p.Sure = append(p.Sure, m.Name)
			}
		}
	}
	p.Message = events.Message{Channel: chosen.Channel, Envelope: events.Envelope{
		Metadata: events.Metadata{ID: id, Type: chosen.Type, Subject: id, CorrelationID: id, Producer: chosen.Producer, OccurredAt: time.Now().UTC()},
		Data:     broken(chosen, intn),
	}}
	return p, true
}

// broken returns an example of an event without one of its required members, or something other than an object if
// none is required.
func broken(e schema.Event, intn func(int) int) json.RawMessage {
	var contract struct{ Required []string }
	var data map[string]json.RawMessage
	if json.Unmarshal(e.Schema, &contract) != nil || len(contract.Required) == 0 || json.Unmarshal(e.Examples[0].Data, &data) != nil {
		return json.RawMessage(`"poison"`)
	}
	delete(data, contract.Required[intn(len(contract.Required))])
	text, _ := json.Marshal(data) // it was decoded from JSON
	return text
}

// Poisoned records that poison will be published.
func (l *Log) Poisoned(p Poison) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.poison[p.Message.Envelope.Metadata.ID] = p
}
