package drawing

import (
	"fmt"
	"math"
	"strings"

	"example.com/troupe/scripts/internal/surge"
)

// Dimensions of a surge, in pixels.
const (
	surgeSplit  = 680 // from this width on, the two ways are side by side
	surgeAxis   = 54  // left of a chart
	surgeGap    = 30  // between the two ways
	surgeTop    = 84  // what is above a way's charts
	captionRoom = 26  // above a chart
	eventsRoom  = 200 // height of the chart of events
	figureRoom  = 64  // height of the other charts

	verdictGlyph = 11 // width of a character of a verdict
)

// world is one of the two ways of a surge, as drawn.
type world struct {
	class, title, way string
	count             func(surge.Sample) surge.Count
	x, y              float64
}

// axes are what both ways share.
type axes struct {
	width   float64 // of a chart
	seconds float64
	events  float64
	refused float64
	age     float64
}

// Surge draws a surge so far: both ways on the same axes. A standalone drawing has a title.
func Surge(r *surge.Run, width float64, alone bool) string {
	straight, queued := r.Ways()
	worlds := []world{
		{class: "webhook", title: "Straight to the worker", way: straight + ": refused above its limit, tried again, given up",
			count: func(s surge.Sample) surge.Count { return s.Webhook }},
		{class: "queue", title: "Through a queue", way: queued + " → the same worker, as fast as it can",
			count: func(s surge.Sample) surge.Count { return s.Queue }},
	}
	a := axesOf(r)
	a.width = width - surgeAxis - 16
	top, column, row := 8.0, 0.0, 0.0
	worldHeight := float64(surgeTop + eventsRoom + 2*figureRoom + 3*captionRoom + 28)
	if alone {
		top = 40
	}
	if width >= surgeSplit {
		a.width, column = (width-2*surgeAxis-surgeGap-16)/2, (width+surgeGap)/2-8
	} else {
		row = worldHeight + 26
	}
	c := &canvas{}
	c.begin(width, top+worldHeight+row+24, surgeLabel(r), alone)
	if alone {
		c.write(16, 26, "heading", surgeHeading(r))
	}
	c.open("g", attributes{"class", "surge"})
	for i, w := range worlds {
		w.x, w.y = surgeAxis+float64(i)*column, top+float64(i)*row
		c.world(r, w, a)
	}
	c.close("g")
	return c.end()
}

func surgeHeading(r *surge.Run) string {
	return fmt.Sprintf("%s events a second in for %g s, %s a second out", surge.Rate(r.Burst.Rate), r.Burst.Seconds, surge.Rate(r.Burst.Capacity))
}

// surgeLabel describes the picture in a sentence.
func surgeLabel(r *surge.Run) string {
	last := r.Last()
	return fmt.Sprintf("Surge: %s. Straight to the worker: %s. Through a queue: %s.", surgeHeading(r), last.Webhook.Summary(), last.Queue.Summary())
}

func axesOf(r *surge.Run) axes {
	a := axes{seconds: r.Expected(), events: float64(r.Burst.Events()), age: 1, refused: 1}
	for _, s := range r.Samples {
		a.refused = max(a.refused, float64(s.Webhook.Refused), float64(s.Queue.Refused))
		a.age = max(a.age, s.Webhook.OldestSeconds, s.Queue.OldestSeconds)
	}
	a.events, a.refused, a.age = ceiling(a.events), ceiling(a.refused), ceiling(a.age)
	return a
}

// ceiling rounds up to a round number.
func ceiling(n float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(max(n, 1))))
	for _, times := range []float64{1, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
		if times*unit >= n {
			return times * unit
		}
	}
	return 10 * unit
}

func (c *canvas) world(r *surge.Run, w world, a axes) {
	last := w.count(r.Last())
	c.open("g", attributes{"class", "world " + w.class})
	c.write(w.x-surgeAxis+16, w.y+18, "name", w.title)
	c.write(w.x-surgeAxis+16, w.y+36, "way", fitWay(w.way, a.width+surgeAxis-16))
	verdict := "verdict"
	if last.Lost > 0 {
		verdict += " bad"
	}
	if float64(len(last.Summary()))*verdictGlyph > a.width+surgeAxis-16 {
		verdict += " narrow"
	}
	c.write(w.x-surgeAxis+16, w.y+64, verdict, last.Summary())
	y := w.y + surgeTop
	y = c.events(r, w, a, y)
	y = c.figureChart(r, w, a, y, "deliveries refused, in all", a.refused, func(n surge.Count) float64 { return float64(n.Refused) }, "refused")
	y = c.figureChart(r, w, a, y, "age of the oldest that waits, in seconds", a.age, func(n surge.Count) float64 { return n.OldestSeconds }, "age")
	step := tickStep(a.seconds, a.width)
	for at := 0.0; at <= a.seconds; at += step {
		c.write(w.x+a.width*at/a.seconds, y+2, "tick", fmt.Sprintf("%g s", at), "text-anchor", "middle")
	}
	c.close("g")
}

// fitWay cuts a heading at its colon if it doesn't fit.
func fitWay(way string, width float64) string {
	if float64(len(way))*6.1 <= width {
		return way
	}
	short, _, _ := strings.Cut(way, ":")
	return short
}

// tickStep returns the distance of the time marks, in seconds.
func tickStep(seconds, width float64) float64 {
	most := max(2, math.Floor(width/64))
	for _, step := range []float64{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800} {
		if seconds/step <= most {
			return step
		}
	}
	return 3600
}
