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

// Audience is who subscribes to which event, as the services declare it.
type Audience struct {
	listeners map[string][]listener // by type of event
	channels  map[string]events.Channel
}

// listener is a service that subscribes to an event, and the filter that the event must pass.
type listener struct {
	service string
	filter  *pattern.Pattern // nil lets everything pass
}

// NewAudience reads the declarations.
func NewAudience(contracts []schema.Event, manifests []*manifest.Manifest) (*Audience, error) {
	a := &Audience{listeners: map[string][]listener{}, channels: map[string]events.Channel{}}
	for _, c := range contracts {
		a.channels[c.Type] = c.Channel
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

// passes reports whether an event reaches the listener, or why not. Without the data, which
// TRACE_PAYLOADS keeps back, a filter's answer is not known.
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

// fromRoot words an explanation of the bus as one of the envelope: a rule sees the whole event of
// EventBridge, and the envelope in its detail.
func fromRoot(why string) string { return strings.ReplaceAll(why, "detail.data.", "data.") }
