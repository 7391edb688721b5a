package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.com/localcloud/eventbridge/pattern"
	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// Audience contains the declared subscribers of all events.
type Audience struct {
	listeners map[string][]listener // by event type
	channels  map[string]events.Channel
	outcomes  map[string]schema.Outcome // of the events that end an execution
}

// listener is a subscriber of an event, with its filter.
type listener struct {
	service string
	filter  *pattern.Pattern // nil matches everything
	hidden  bool             // the filter asks for personal data, which steps don't have
}

// NewAudience returns the audience that the declarations define.
func NewAudience(contracts []schema.Event, manifests []*manifest.Manifest) (*Audience, error) {
	a := &Audience{listeners: map[string][]listener{}, channels: map[string]events.Channel{}, outcomes: map[string]schema.Outcome{}}
	for _, c := range contracts {
		a.channels[c.Type] = c.Channel
		if c.Outcome != "" {
			a.outcomes[c.Type] = c.Outcome
		}
	}
	for _, m := range manifests {
		for _, subscription := range m.Subscribes {
			l := listener{service: m.Name}
			if subscription.Where != nil {
				var err error
				l.hidden = asksFor(contracts, subscription)
				if l.filter, err = pattern.Compile(subscription.Where); err != nil {
					return nil, fmt.Errorf("services/%s/service.json: where of %s: %w", m.Name, subscription.Event, err)
				}
			}
			a.listeners[subscription.Event] = append(a.listeners[subscription.Event], l)
		}
	}
	return a, nil
}

// asksFor reports whether a subscription's filter may ask for personal data.
func asksFor(contracts []schema.Event, s manifest.Subscription) bool {
	at := slices.IndexFunc(contracts, func(c schema.Event) bool { return c.Type == s.Event })
	if at < 0 || !contracts[at].Personal {
		return false
	}
	compiled, err := schema.Compile(s.Event, contracts[at].Schema)
	if err != nil {
		return true
	}
	return slices.ContainsFunc(compiled.Personal(), func(name string) bool {
		quoted, _ := json.Marshal(name) // encoding a string can't fail
		return bytes.Contains(s.Where, quoted)
	})
}

// hides reports whether the filter of a subscriber asks for personal data: why it doesn't match isn't told then.
func (a *Audience) hides(eventType, service string) bool {
	return slices.ContainsFunc(a.listeners[eventType], func(l listener) bool { return l.service == service && l.hidden })
}

// passes reports whether an event reaches the subscriber, and if not, why. Without the data, which
// TRACE_PAYLOADS=false omits, or where a filter asks for personal data, which is hidden, the result of a filter is unknown.
func (l listener) passes(data json.RawMessage) (passes, known bool, why string) {
	if l.filter == nil {
		return true, true, ""
	}
	if len(data) == 0 || l.hidden {
		return false, false, ""
	}
	envelope := bytes.Join([][]byte{[]byte(`{"data":`), data, []byte(`}`)}, nil)
	why = l.filter.Explain(envelope)
	return why == "", true, why
}

// fromRoot adapts the bus's explanation to the envelope: a rule sees EventBridge's whole event, with the envelope in
// its detail.
func fromRoot(why string) string { return strings.ReplaceAll(why, "detail.data.", "data.") }
