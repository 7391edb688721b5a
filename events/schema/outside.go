package schema

import (
	"fmt"
	"strings"

	"example.com/troupe/events"
)

// What EventBridge takes in its API reference: PutEventsRequestEntry limits a detail type to 128 characters; a partner's bus
// is named as its event source, aws.partner/<partner>/<…>, and so is the source of its events.
var (
	validBus  = Matches(`^(default|aws[.]partner(/[.\-_A-Za-z0-9]+)+)$`)
	maxSource = 256
	maxDetail = 128
)

// outside sets what an event from outside is recognised by. It returns what is wrong with that.
func (d *declaration) outside(event *Event) *Violation {
	if d.Source == "" && d.DetailType == "" && d.Bus == "" {
		return nil
	}
	wrong := func(member, expected string, args ...any) *Violation {
		return &Violation{Place: "/x-event" + member, Expected: fmt.Sprintf(expected, args...)}
	}
	switch {
	case d.Source == "":
		return wrong("", `with "source" too: an event from outside is recognised by its source and its detail type`)
	case d.DetailType == "":
		return wrong("", `with "detail-type" too: an event from outside is recognised by its source and its detail type`)
	case len(d.Source) > maxSource:
		return wrong("/source", "of %d characters at most", maxSource)
	case len(d.DetailType) > maxDetail:
		return wrong("/detail-type", "of %d characters at most", maxDetail)
	case d.Channel != events.EventBridge:
		return wrong("/channel", "eventbridge: an event from outside comes over EventBridge")
	case d.Bus != "" && !validBus(d.Bus):
		return wrong("/bus", `default (of AWS services) or a partner's bus, aws.partner/…; leave it out where somebody else's rule sends the event to our bus`)
	case strings.HasPrefix(d.Source, "aws.partner/") != strings.HasPrefix(d.Bus, "aws.partner/"):
		return wrong("/source", "that of a partner, as its bus is: aws.partner/…")
	case strings.HasPrefix(d.Source, "aws.") && d.Bus == "":
		return wrong("", `with "bus" too: events of AWS services arrive at the bus "default", a partner's at the bus that is named as their source`)
	}
	event.Outside = &events.Outside{Source: d.Source, DetailType: d.DetailType, Subject: Pointer(d.Subject), Bus: d.Bus}
	return nil
}

// Pointer returns the JSON pointer to a subject: a member's name, or a pointer already.
func Pointer(subject string) string {
	if strings.HasPrefix(subject, "/") {
		return subject
	}
	return pointer([]string{subject})
}

// distinct returns an error if two contracts are for the same event from outside: nothing tells them apart.
func distinct(loaded []Event) error {
	known := map[events.Outside]Event{}
	for _, event := range loaded {
		if event.Outside == nil {
			continue
		}
		same := events.Outside{Source: event.Outside.Source, DetailType: event.Outside.DetailType}
		if other, taken := known[same]; taken {
			return fmt.Errorf("%s: the event %q of %s is %s already: keep one of them", event.File, same.DetailType, same.Source, other.Type)
		}
		known[same] = event
	}
	return nil
}
