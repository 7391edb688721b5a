package drawing

import (
	"fmt"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
)

// icon is the symbol of a state, recognizable without its colour: an outline and a sign, around the origin.
type icon struct{ outline, sign string }

const (
	round    = "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0 -16 0z"
	triangle = "M0 -8.5L9 7H-9z"
	octagon  = "M-3.5 -8.5H3.5L8.5 -3.5V3.5L3.5 8.5H-3.5L-8.5 3.5V-3.5z"
	rhombus  = "M0 -9L9 0L0 9L-9 0z"
)

var icons = map[record.Progress]icon{
	record.Ran:          {round, "M-3.8 0.2L-1 3L4 -3"},
	record.Retrying:     {triangle, "M0 -3V2M0 4V5"},
	record.DeadLettered: {octagon, "M-3 -3L3 3M3 -3L-3 3"},
	record.Unreachable:  {octagon, "M-4 0H4"},
	record.Passed:       {round, "M-4.5 4.5L4.5 -4.5"},
	record.Refused:      {rhombus, "M-3.5 0H3.5"},
	record.Queueing:     {round, "M-3.6 0h.2M-.1 0h.2M3.4 0h.2"},
	record.Working:      {round, "M0 -4V0L3 2"},
	record.Scheduled:    {round, "M0 -4V0H3.4"},
}

func (c *canvas) icon(progress record.Progress, x, y float64) {
	shape := icons[progress]
	c.open("g", attributes{"class", "icon", "transform", fmt.Sprintf("translate(%g %g)", x, y)})
	c.element("path", attributes{"class", "outline", "d", shape.outline})
	c.element("path", attributes{"class", "sign", "d", shape.sign})
	c.close("g")
}

// channels are the symbols of the channels.
var channels = map[events.Channel]string{
	events.EventBridge: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
	events.SNS:         "M-4.5 4L0 -4.5L4.5 4z",
	events.Queue:       "M-3.7 -3.7H3.7V3.7H-3.7z",
}

func (c *canvas) channel(channel events.Channel, x, y float64) {
	c.element("path", attributes{"class", "channel " + string(channel), "d", channels[channel], "transform", fmt.Sprintf("translate(%g %g)", x, y)})
}
