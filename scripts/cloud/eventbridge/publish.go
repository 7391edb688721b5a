package eventbridge

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"example.com/localcloud/delivery"
	"example.com/localcloud/eventbridge/pattern"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// index finds the enabled rules of a bus whose patterns match.
type index struct {
	rules []*rule
	set   *pattern.Set
}

// indexOf returns the bus's index and rebuilds it if rules have changed.
func (s *Service) indexOf(b *bus) *index {
	s.mu.RLock()
	ready := b.index
	s.mu.RUnlock()
	if ready != nil {
		return ready
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.index == nil {
		b.index = newIndex(b.rules)
	}
	return b.index
}

func newIndex(rules map[string]*rule) *index {
	made := &index{}
	var patterns []*pattern.Pattern
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		if r := rules[name]; r.State == enabled {
			made.rules = append(made.rules, r)
			patterns = append(patterns, r.pattern)
		}
	}
	made.set = pattern.NewSet(patterns)
	return made
}

// publish sends an event to the bus's archives and to the targets of the rules that match.
func (s *Service) publish(ctx context.Context, b *bus, e *event) {
	if e.replay == "" {
		s.archive(b, e)
	}
	found := s.indexOf(b)
	matched, err := found.set.Match(e.raw, nil)
	if err != nil {
		s.tap.Tell(tap.Hop{Kind: tap.Skipped, Resource: b.arn, MessageID: e.id, Note: err.Error()})
		return
	}
	s.reportSkipped(b, e, found.rules, matched)
	for _, i := range matched {
		r := found.rules[i]
		if len(e.allowed) > 0 && !e.allowed[r.Arn] {
			continue
		}
		s.tap.Tell(tap.Hop{Kind: tap.Matched, Resource: r.Arn, From: b.arn, MessageID: e.id})
		for _, t := range r.targets {
			s.deliver(ctx, &attempt{event: e, rule: r, target: t})
		}
	}
}

// reportSkipped reports to the tap why each of the other rules did not match. That costs more than matching, so it only
// happens if somebody listens.
func (s *Service) reportSkipped(b *bus, e *event, rules []*rule, matched []int) {
	if !s.tap.Listening() {
		return
	}
	for i, r := range rules {
		if _, ok := slices.BinarySearch(matched, i); !ok {
			s.tap.Tell(tap.Hop{Kind: tap.Skipped, Resource: r.Arn, From: b.arn, MessageID: e.id, Note: r.pattern.Explain(e.raw)})
		}
	}
}

type receivedKey struct{}

// Deliver receives an event that a rule sends to a bus. Like AWS, it doesn't route an event that a bus received from
// another to a third (user guide, "Sending and receiving events between buses"). So loops end here.
func (s *Service) Deliver(ctx context.Context, d delivery.Delivery) error {
	if ctx.Value(receivedKey{}) != nil {
		return wire.Errorf("InvalidParameterException", "an event that a bus received from another is not forwarded to a third")
	}
	e, err := received(d.Body)
	if err != nil {
		return err
	}
	s.mu.RLock()
	b, err := s.bus(d.To)
	s.mu.RUnlock()
	if err != nil {
		return err
	}
	s.tap.Tell(tap.Hop{Kind: tap.Published, Resource: b.arn, From: d.Source, MessageID: e.id, Body: e.raw})
	s.publish(context.WithValue(ctx, receivedKey{}, true), b, e)
	return nil
}

// received decodes an event from another bus.
func received(body []byte) (*event, error) {
	var head struct {
		ID     string
		Source string
		Replay string `json:"replay-name"`
	}
	var raw bytes.Buffer
	if json.Unmarshal(body, &head) != nil || head.Source == "" || json.Compact(&raw, body) != nil {
		return nil, wire.Errorf("InvalidParameterException", "what a rule sends to a bus must be an event")
	}
	return &event{id: head.ID, time: now(), raw: raw.Bytes(), replay: head.Replay}, nil
}
