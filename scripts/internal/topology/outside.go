package topology

import (
	"cmp"
	"encoding/json"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// Outside brings events from outside to the bus.
type Outside struct {
	Rules       []Forward `json:"rules"`
	Role        Role      `json:"role"`        // with which the rules publish: a bus takes an event of another only from a role (user guide, "Sending and receiving events between event buses")
	Undelivered *Queue    `json:"undelivered"` // events that didn't reach the bus
}

// Forward is a rule of another bus, which sends the events of one contract to ours.
type Forward struct {
	Bus string `json:"bus"` // name
	Rule
}

// forwardVisibility is the visibility timeout of the queue of events that didn't reach the bus, in seconds.
const forwardVisibility = 60

// outside returns what brings those events to the bus that somebody subscribes to, or nil if all arrive there by themselves.
func (b builder) outside(manifests []*manifest.Manifest) *Outside {
	var wanted []schema.Event
	for _, contract := range b.contracts {
		heard := slices.ContainsFunc(manifests, func(m *manifest.Manifest) bool { return m.SubscribesTo(contract.Type) })
		if heard && contract.Outside != nil && contract.Outside.Bus != "" {
			wanted = append(wanted, contract)
		}
	}
	if wanted == nil {
		return nil
	}
	slices.SortFunc(wanted, func(a, b schema.Event) int { return cmp.Compare(a.Type, b.Type) })
	name := b.names.Prefix() + "-outside_events" // no service's name has an underscore
	trust, publish := allow("", nil, "sts:AssumeRole"), allow("Forward", []string{b.names.BusARN()}, "events:PutEvents")
	trust.Principal = map[string]string{"Service": "events.amazonaws.com"}
	o := &Outside{
		Role:        Role{Name: name, ARN: b.names.roleARN(name), Trust: policy(trust), Policy: policy(publish)},
		Undelivered: b.queue(name, forwardVisibility, deadLetterRetention),
	}
	var rules []string
	for _, contract := range wanted {
		f := b.forward(contract, o.Undelivered.ARN)
		o.Rules, rules = append(o.Rules, f), append(rules, f.ARN)
	}
	o.Undelivered.Policy = b.admission(o.Undelivered, rules, nil)
	return o
}

func (b builder) forward(contract schema.Event, undelivered string) Forward {
	name, bus := b.names.Forward(contract.Type), contract.Outside.Bus
	at := "rule/" + bus + "/" + name
	if bus == "default" { // its rules' ARNs don't name it
		at = "rule/" + name
	}
	return Forward{Bus: bus, Rule: Rule{
		Name: name, ARN: b.names.ARN("events", at), Event: contract.Type, Pattern: pattern(contract, nil),
		Target: b.names.BusARN(), DeadLetters: undelivered, MaxRetries: targetRetries, MaxAge: targetAge,
	}}
}

// pattern returns the event pattern for the events of a contract that match a condition. The condition is relative to the
// envelope. An event from outside has none: its detail is the data.
func pattern(contract schema.Event, where json.RawMessage) Pattern {
	o := contract.Outside
	if o == nil {
		return Pattern{Source: []string{contract.Producer}, DetailType: []string{contract.Type}, Detail: where}
	}
	var parts struct{ Data json.RawMessage }
	_ = json.Unmarshal(where, &parts) // Parse has checked it
	return Pattern{Source: []string{o.Source}, DetailType: []string{o.DetailType}, Detail: parts.Data}
}

// Outsiders returns the contracts of events from outside.
func Outsiders(contracts []schema.Event) (outside []*events.Contract) {
	for i := range contracts {
		if contracts[i].Outside != nil {
			outside = append(outside, &contracts[i].Contract)
		}
	}
	return outside
}
