package drawing

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// Dimensions of the map, in pixels.
const (
	laneHeight    = 24
	cardHeight    = 62
	groupGap      = 12
	widestLane    = 168
	narrowest     = 32 // of a lane
	widestUpright = 44 // card with a vertical name
	leastLevel    = 72 // narrower lanes have vertical names, as have those that a name doesn't fit
	lowestHead    = 96 // of those, with room for a gauge
	highestHead   = 190
	beside        = 14 // around a name, with the gap between cards
	outside       = 74 // right of the lanes: subscribers that aren't services
	edge          = 18 // the same, without its name
)

// Map is the content of a map: all services and events, with who publishes and who subscribes to what.
type Map struct {
	Services []*manifest.Manifest
	Events   []schema.Event
}

// score is the map laid out like a musical score: a column for each service and a line for each event, in the order
// in which a flow passes them. It grows with services and events without crossings.
type score struct {
	lanes         []lane
	rows          []row
	left          float64 // of the first lane
	laneWidth     float64
	right         float64 // of the last lane
	head          float64 // height of what is above the rows
	width, height float64
	compact       bool
}

// lane is a service's column.
type lane struct {
	service *manifest.Manifest
	x       float64 // of its middle
}

// row is the line of an event or a route.
type row struct {
	event       schema.Event // for a route, its Type is the route's key
	route       bool
	producer    int          // lane, or outsider
	subscribers []subscriber // by lane
	y           float64
	opened      bool // begins the events of another producer
}

// outsider is the producer of an event from outside, which has no lane: its line begins left of them.
const outsider = -1

// subscriber is a subscriber: it receives all events of a type, or those that match its filter.
type subscriber struct {
	lane int
	some bool
}

// Score draws the map at a width, or wider if necessary. A standalone drawing has no links.
func Score(m Map, width float64, alone bool) string {
	s := m.layOut(width)
	c := &canvas{}
	c.begin(s.width, s.height, "Map of "+plural(len(m.Services), "service")+" and "+plural(len(m.Events), "event"), alone)
	c.open("g", attributes{"class", "score", "data-head", s.head - 6, "data-left", s.left - 8})
	for _, l := range s.lanes {
		c.element("path", attributes{"class", "lifeline", "d", fmt.Sprintf("M%g %gV%g", l.x, s.head, s.height-8)})
	}
	for _, r := range s.rows {
		c.row(s, r, alone)
	}
	for _, l := range s.lanes {
		c.card(s, l, alone)
	}
	c.close("g")
	return c.end()
}

func (m Map) layOut(width float64) *score {
	s := &score{}
	services := m.inOrder()
	for _, service := range services {
		s.lanes = append(s.lanes, lane{service: service})
	}
	s.rows = m.rows(services)
	longest := 0
	for _, r := range s.rows {
		longest = max(longest, len(r.event.Type))
	}
	s.left = min(float64(longest)*small*glyphWidth+34, max(146, width/3))
	n := float64(max(1, len(s.lanes)))
	room, level := width-s.left, max(leastLevel, s.longestName()+beside)
	s.right, s.head = outside, cardHeight+10
	if s.compact = (room-edge)/n < level; s.compact {
		s.head = min(highestHead, max(lowestHead, s.longestName()+58))
	}
	if (room-outside)/n < level {
		s.right = edge
	}
	s.laneWidth = min(widestLane, max(narrowest, (width-s.left-s.right)/n))
	for i := range s.lanes {
		s.lanes[i].x = s.left + s.laneWidth*(float64(i)+0.5)
	}
	y := s.head
	for i := range s.rows {
		if s.rows[i].opened {
			y += groupGap
		}
		s.rows[i].y = y + laneHeight/2
		y += laneHeight
	}
	s.width, s.height = s.left+s.laneWidth*n+s.right, y+groupGap
	return s
}

// longestName returns the width of the widest name of a service, in pixels.
func (s *score) longestName() (widest float64) {
	for _, l := range s.lanes {
		widest = max(widest, nameWidth(l.service.Name))
	}
	return widest
}

// nameWidth estimates the width of a name in the widest of the fonts, which isn't monospaced.
func nameWidth(name string) (width float64) {
	for _, letter := range name {
		switch {
		case strings.ContainsRune("ijl", letter):
			width += 4.5
		case strings.ContainsRune("frt-", letter):
			width += 6.4
		case strings.ContainsRune("ckstvxyz", letter):
			width += 8.2
		case strings.ContainsRune("mw", letter):
			width += 13
		default:
			width += 9.2
		}
	}
	return width
}

func (c *canvas) row(s *score, r row, alone bool) {
	kind := string(r.event.Channel)
	if r.route {
		kind = "route"
	}
	group, a := "g", attributes{"class", "row " + kind, "data-event", r.event.Type}
	if !alone && !r.route {
		group, a = "a", append(a, "href", "/?event="+url.QueryEscape(r.event.Type))
	}
	c.open(group, a)
	c.title(s.sentence(r))
	c.element("rect", attributes{"class", "band", "x", 2, "y", r.y - laneHeight/2 + 1, "width", s.width - 4, "height", laneHeight - 2, "rx", 4})
	if !r.route {
		c.channel(r.event.Channel, 14, r.y)
	}
	c.write(26, r.y+4, "event", fit(r.event.Type, s.left-30, small))
	from, to := s.reach(r)
	c.element("path", attributes{"class", "reach", "d", fmt.Sprintf("M%g %gH%g", from, r.y, to)})
	c.ends(s, r, to)
	c.close(group)
}

// origin returns where the producer of a row is, or who answers a route.
func (s *score) origin(r row) float64 {
	if r.producer == outsider {
		return s.left - 12
	}
	return s.lanes[r.producer].x
}

// reach returns where the line of a row begins and ends.
func (s *score) reach(r row) (from, to float64) {
	x := s.origin(r)
	from, to = x, x
	if r.route {
		return s.left - 12, x
	}
	for _, e := range r.subscribers {
		from, to = min(from, s.lanes[e.lane].x), max(to, s.lanes[e.lane].x)
	}
	switch {
	case r.event.Channel == events.SNS && len(r.subscribers) == 0:
		to = s.width - s.right + 2
	case from == to:
		to = x + min(26, s.laneWidth/2) // to itself, or without subscribers
	}
	return from, to
}

// ends draws the ends of a line: the publisher and the subscribers.
func (c *canvas) ends(s *score, r row, to float64) {
	x := s.origin(r)
	if r.route {
		c.element("path", attributes{"class", "publishes", "d", fmt.Sprintf("M%g %gl-9 -4.5v9z", x, r.y)})
		return
	}
	loop := to // where a line to its own publisher turns round
	if len(r.subscribers) > 1 {
		loop = x + min(26, s.laneWidth/2)
	}
	itself := slices.ContainsFunc(r.subscribers, func(e subscriber) bool { return e.lane == r.producer })
	switch {
	case len(r.subscribers) == 0 && r.event.Channel == events.SNS:
		c.element("path", attributes{"class", "publishes", "d", fmt.Sprintf("M%g %gl-8 -4v8z", to, r.y)})
		if s.right == outside {
			c.write(to+5, r.y+4, "small", "anyone")
		}
	case len(r.subscribers) == 0:
		c.element("path", attributes{"class", "reach", "d", fmt.Sprintf("M%g %gv8", to, r.y-4)})
	case itself:
		c.element("path", attributes{"class", "reach", "d", fmt.Sprintf("M%g %ga5 5 0 0 1 0 10h-12", loop, r.y-1)})
		c.element("path", attributes{"class", "publishes", "d", fmt.Sprintf("M%g %gl7 -4v8z", loop-19, r.y+9)})
	}
	shape := "publishes"
	if r.producer == outsider {
		shape = "publishes outside"
	}
	c.element("circle", attributes{"class", shape, "cx", x, "cy", r.y, "r", 5})
	if s.scheduled(r) != "" {
		c.element("path", attributes{"class", "hands", "d", fmt.Sprintf("M%g %gv-3.5M%g %gh2.5", x, r.y, x, r.y)})
	}
	for _, e := range r.subscribers {
		if at := s.lanes[e.lane].x; e.lane != r.producer {
			c.element("circle", attributes{"class", "subscribes", "cx", at, "cy", r.y, "r", 5, "data-ear", s.lanes[e.lane].service.Name})
			if e.some {
				c.element("path", attributes{"class", "some", "d", fmt.Sprintf("M%g %ga3 3 0 0 1 0 6z", at, r.y-3)})
			}
		}
	}
}

// scheduled says when a row's event is published by itself: ", also at cron(0 6 * * ? *) in Europe/Berlin"; or nothing.
func (s *score) scheduled(r row) (label string) {
	if r.producer == outsider {
		return ""
	}
	for _, schedule := range s.lanes[r.producer].service.Schedules {
		if schedule.Event == r.event.Type {
			label += ", also at " + schedule.Expression + " in " + schedule.Timezone
		}
	}
	return label
}

// sentence describes a row in a sentence, for screen readers.
func (s *score) sentence(r row) string {
	service := r.event.Producer + ", outside,"
	if r.producer != outsider {
		service = s.lanes[r.producer].service.Name
	}
	if r.route {
		return service + " answers " + r.event.Type
	}
	label := service + " publishes " + r.event.Type + s.scheduled(r)
	for i, e := range r.subscribers {
		label += map[bool]string{true: ", subscribers: ", false: ", "}[i == 0] + s.lanes[e.lane].service.Name
		if e.some {
			label += " (filtered)"
		}
	}
	if len(r.subscribers) == 0 {
		label += ", no subscriber"
	}
	return label
}

// card draws a service's name above its column, and leaves room for its queue's gauge.
func (c *canvas) card(s *score, l lane, alone bool) {
	name, runtime := l.service.Name, string(l.service.Runtime)
	group, a := "g", attributes{"class", "card", "data-service", name}
	if !alone {
		group, a = "a", append(a, "href", "/?service="+url.QueryEscape(name))
	}
	c.open(group, a)
	c.title(name + ", " + runtime + ": " + l.service.Description)
	height := s.head - 12
	width := s.laneWidth - 8
	if s.compact {
		width = min(width, widestUpright)
	}
	c.element("rect", attributes{"class", "frame band", "x", l.x - width/2, "y", 4, "width", width, "height", height, "rx", 7})
	gauge := attributes{"text-anchor", "middle", "data-gauge", name, "data-room", width - 6}
	if s.compact {
		y := height - 16
		c.write(0, 0, "name", fit(name, height-34, 12), "transform", fmt.Sprintf("translate(%g %g) rotate(-90)", l.x+4.5, y))
		c.write(l.x, height-2, "gauge", "", gauge...)
		c.fault(l.x, 15)
	} else {
		c.write(l.x, 24, "name", name, "text-anchor", "middle")
		c.write(l.x, 39, "small", runtime, "text-anchor", "middle")
		c.write(l.x, 56, "gauge", "", gauge...)
		c.fault(l.x+width/2-11, 38)
	}
	c.close(group)
}

// fault draws the sign of an active fault, which only shows when there is one.
func (c *canvas) fault(x, y float64) {
	c.element("path", attributes{"class", "fault", "d", fmt.Sprintf("M%g %gl-5 8h4l-1 6l6 -9h-4l1 -5z", x+1, y-7)})
}
