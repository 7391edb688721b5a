package drawing

import (
	"fmt"
	"math"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/surge"
)

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

// events draws what has happened to the events: completed, lost and waiting, stacked up to the number arrived.
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

// bandLabel labels a band where it is highest, if there is room.
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

// line returns a path through the samples that begins at the origin.
func line(r *surge.Run, left, bottom float64, x, y func(surge.Sample) float64) string {
	var d strings.Builder
	fmt.Fprintf(&d, "M%.1f %.1f", left, bottom)
	for _, s := range r.Samples {
		fmt.Fprintf(&d, "L%.1f %.1f", x(s), y(s))
	}
	return d.String()
}

// frame draws a chart's background: three lines with their values, and the time marks.
func (c *canvas) frame(w world, a axes, top, bottom, most float64) {
	for i := range 3 {
		at := bottom - float64(i)*(bottom-top)/2
		c.element("path", attributes{"class", "grid", "d", fmt.Sprintf("M%.1f %.1fh%.1f", w.x, at, a.width)})
		if value := most * float64(i) / 2; value == math.Trunc(value) {
			c.write(w.x-6, at+4, "tick", cli.Thousands(int(value)), "text-anchor", "end")
		}
	}
}
