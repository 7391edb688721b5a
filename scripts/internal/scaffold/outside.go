package scaffold

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/events"
)

// fromOutside chooses where an event from outside arrives, and what its source is called here, if the options don't say so:
// AWS's services publish on the default bus, a partner on a bus that is named as its source, and others on ours.
func (o *EventOptions) fromOutside() {
	of := strings.Split(o.Source, ".")
	if o.Producer == "" {
		o.Producer = of[len(of)-1]
	}
	switch {
	case o.Bus != "":
	case strings.HasPrefix(o.Source, "aws.partner/"):
		o.Bus = o.Source
	case of[0] == "aws":
		o.Bus = "default"
	}
}

func (c *Checkout) checkOutside(o EventOptions) error {
	switch {
	case o.Source == "" && o.DetailType == "" && o.Bus == "":
		return nil
	case o.Source == "" || o.DetailType == "":
		return fmt.Errorf("an event from outside has both a SOURCE and a DETAIL_TYPE, by which it is recognised: SOURCE=aws.s3 DETAIL_TYPE=\"Object Created\"")
	case o.Channel != events.EventBridge:
		return fmt.Errorf("an event from outside comes over EventBridge: leave out CHANNEL=%s", o.Channel)
	case slices.Contains(c.Declared.Services(), o.Producer):
		return fmt.Errorf("%s is a service: name a PRODUCER that is none for an event from outside", o.Producer)
	}
	for _, known := range c.Declared.Contracts {
		if known.Outside != nil && known.Outside.Source == o.Source && known.Outside.DetailType == o.DetailType {
			return fmt.Errorf("%w: it is this event of %s already", &ExistsError{"events/" + known.File}, o.Source)
		}
	}
	return nil
}

// quoted returns a text as JSON.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	encoded, _ := json.Marshal(text) // a text can always be encoded
	return string(encoded)
}
