package drawing

import (
	"fmt"
	"math"
	"strings"

	"example.com/troupe/scripts/internal/surge"
)

// Measures of a surge, in pixels.
const (
	surgeSplit  = 680 // from this width on the two worlds stand side by side
	surgeAxis   = 54  // left of a chart
	surgeGap    = 30  // between worlds
	surgeTop    = 84  // of a world: what stands above its charts
	captionRoom = 26  // above a chart
	eventsRoom  = 200 // height of the chart of events
	figureRoom  = 64  // height of the other charts

	verdictGlyph = 11 // width of a character of a verdict
)

// world is one of the two worlds of a surge, as it is drawn.
type world struct {
	class, title, way string
	count             func(surge.Sample) surge.Count
	x, y              float64
}

// axes are what both worlds have in common.
type axes struct {
	width   float64 // of a chart
	seconds float64
	events  float64
	refused float64
	age     float64
}

// Surge draws a surge as far as it has come: both worlds on the same axes. Standing alone, it says what it is about.
func Surge(r *surge.Run, width float64, alone bool) string {
	worlds := []world{
		{class: "webhook", title: "Straight to the warehouse", way: "SNS → HTTP: refused above its limit, tried again, given up",
			count: func(s surge.Sample) surge.Count { return s.Webhook }},
		{class: "queue", title: "Through a queue", way: "SNS → SQS → the same warehouse, as fast as it can",
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

// surgeLabel is the picture in a sentence.
func surgeLabel(r *surge.Run) string {
	last := r.Last()
	return fmt.Sprintf("Surge: %s. Straight to the warehouse: %s. Through a queue: %s.", surgeHeading(r), last.Webhook.Summary(), last.Queue.Summary())
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

// ceiling is the next round number.
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
	y = c.figureChart(r, w, a, y, "deliveries refused (503), in all", a.refused, func(n surge.Count) float64 { return float64(n.Refused) }, "refused")
	y = c.figureChart(r, w, a, y, "age of the oldest that waits, in seconds", a.age, func(n surge.Count) float64 { return n.OldestSeconds }, "age")
	step := tickStep(a.seconds, a.width)
	for at := 0.0; at <= a.seconds; at += step {
		c.write(w.x+a.width*at/a.seconds, y+2, "tick", fmt.Sprintf("%g s", at), "text-anchor", "middle")
	}
	c.close("g")
}

// fitWay leaves out what does not fit, from the colon on.
func fitWay(way string, width float64) string {
	if float64(len(way))*6.1 <= width {
		return way
	}
	short, _, _ := strings.Cut(way, ":")
	return short
}

// tickStep is how far apart the marks of time are, in seconds.
func tickStep(seconds, width float64) float64 {
	most := max(2, math.Floor(width/64))
	for _, step := range []float64{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800} {
		if seconds/step <= most {
			return step
		}
	}
	return 3600
}

// band is one layer of the chart of events.
type band struct {
	class, label string
	height       func(surge.Count) int
}

var bands = []band{
	{"done", "done", func(n surge.Count) int { return n.Completed }},
	{"lost", "lost", func(n surge.Count) int { return n.Lost }},
	{"waiting", "waiting", func(n surge.Count) int { return n.Waiting }},
}

// events draws what has become of the events: done, lost and waiting, one upon the other up to the arrived.
func (c *canvas) events(r *surge.Run, w world, a axes, y float64) (below float64) {
	c.write(w.x, y+captionRoom-10, "caption", "events: done, waiting, lost")
	top, bottom := y+captionRoom, y+captionRoom+eventsRoom
	c.frame(w, a, top, bottom, a.events)
	x := func(s surge.Sample) float64 { return w.x + a.width*s.At/a.seconds }
	high := func(n int) float64 { return bottom - eventsRoom*float64(n)/a.events }
	base := make([]int, len(r.Samples))
	for _, b := range bands {
		var up, down strings.Builder
		fmt.Fprintf(&up, "M%.1f %.1f", w.x, bottom)
		largest, at := 0, 0
		for i, s := range r.Samples {
			n := b.height(w.count(s))
			fmt.Fprintf(&down, "L%.1f %.1f", x(r.Samples[len(base)-1-i]), high(base[len(base)-1-i]))
			if n >= largest {
				largest, at = n, i
			}
		}
		tops := make([]int, len(base))
		for i, s := range r.Samples {
			tops[i] = base[i] + b.height(w.count(s))
			fmt.Fprintf(&up, "L%.1f %.1f", x(s), high(tops[i]))
		}
		c.element("path", attributes{"class", "band " + b.class, "d", up.String() + down.String() + "Z"})
		c.bandLabel(r, w, b, base, at, x, high)
		base = tops
	}
	c.element("path", attributes{"class", "arrived", "d", line(r, w.x, bottom, x, func(s surge.Sample) float64 { return high(s.Arrived) })})
	return bottom + 14
}

// bandLabel writes into a band what it is, where it is highest and there is room.
func (c *canvas) bandLabel(r *surge.Run, w world, b band, base []int, at int, x func(surge.Sample) float64, high func(int) float64) {
	if len(r.Samples) == 0 {
		return
	}
	half := float64(len(b.label))*3.6 + 12
	place := min(x(r.Samples[at])+half, x(r.Last())-half)
	if place < w.x+half {
		return
	}
	for at > 0 && x(r.Samples[at]) > place {
		at--
	}
	for at+1 < len(base) && x(r.Samples[at]) < place {
		at++
	}
	n := b.height(w.count(r.Samples[at]))
	if high(base[at])-high(base[at]+n) < 18 {
		return
	}
	c.write(place, (high(base[at])+high(base[at]+n))/2+4, "band-label "+b.class, b.label, "text-anchor", "middle")
}

// figureChart draws one number over time.
func (c *canvas) figureChart(r *surge.Run, w world, a axes, y float64, caption string, most float64, value func(surge.Count) float64, class string) (below float64) {
	c.write(w.x, y+captionRoom-8, "caption", caption)
	top, bottom := y+captionRoom, y+captionRoom+figureRoom
	c.frame(w, a, top, bottom, most)
	x := func(s surge.Sample) float64 { return w.x + a.width*s.At/a.seconds }
	drawn := line(r, w.x, bottom, x, func(s surge.Sample) float64 { return bottom - figureRoom*min(1, value(w.count(s))/most) })
	if n := len(r.Samples); n > 0 {
		c.element("path", attributes{"class", "area " + class, "d", drawn + fmt.Sprintf("V%.1fZ", bottom)})
	}
	c.element("path", attributes{"class", "line " + class, "d", drawn})
	return bottom + 14
}

// line is a path through the samples that begins at the origin.
func line(r *surge.Run, left, bottom float64, x, y func(surge.Sample) float64) string {
	var d strings.Builder
	fmt.Fprintf(&d, "M%.1f %.1f", left, bottom)
	for _, s := range r.Samples {
		fmt.Fprintf(&d, "L%.1f %.1f", x(s), y(s))
	}
	return d.String()
}

// frame draws a chart's ground: three lines with what they stand for, and the marks of time.
func (c *canvas) frame(w world, a axes, top, bottom, most float64) {
	for i := range 3 {
		at := bottom - float64(i)*(bottom-top)/2
		c.element("path", attributes{"class", "grid", "d", fmt.Sprintf("M%.1f %.1fh%.1f", w.x, at, a.width)})
		if value := most * float64(i) / 2; value == math.Trunc(value) {
			c.write(w.x-6, at+4, "tick", surge.Figure(int(value)), "text-anchor", "end")
		}
	}
}
