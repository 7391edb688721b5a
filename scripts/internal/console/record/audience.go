package record

import (
	"bytes"
	"encoding/json"
	"fmt"
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
				if l.filter, err = pattern.Compile(subscription.Where); err != nil {
					return nil, fmt.Errorf("services/%s/service.json: where of %s: %w", m.Name, subscription.Event, err)
				}
			}
			a.listeners[subscription.Event] = append(a.listeners[subscription.Event], l)
		}
	}
	return a, nil
}

// passes reports whether an event reaches the subscriber, and if not, why. Without the data, which
// TRACE_PAYLOADS=false omits, the result of a filter is unknown.
func (l listener) passes(data json.RawMessage) (passes, known bool, why string) {
	if l.filter == nil {
		return true, true, ""
	}
	if len(data) == 0 {
		return false, false, ""
	}
	envelope := bytes.Join([][]byte{[]byte(`{"data":`), data, []byte(`}`)}, nil)
	why = l.filter.Explain(envelope)
	return why == "", true, why
}

// fromRoot adapts the bus's explanation to the envelope: a rule sees EventBridge's whole event, with the envelope in
// its detail.
func fromRoot(why string) string { return strings.ReplaceAll(why, "detail.data.", "data.") }
