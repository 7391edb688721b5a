package drawing

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
)

func (c *canvas) wire(w wire) {
	class := "wire " + string(w.event.Channel)
	if w.to.Progress == record.Passed {
		class += " skipped"
	}
	if w.to.Critical {
		class += " critical"
	}
	middle := (w.x1 + w.x2) / 2
	c.element("path", attributes{"class", class, "d", fmt.Sprintf("M%g %gC%g %g %g %g %g %g", w.x1, w.y1, middle, w.y1, middle, w.y2, w.x2-5, w.y2)})
	c.element("path", attributes{"class", "arrow " + class, "d", fmt.Sprintf("M%g %gl-7 -4v8z", w.x2-1, w.y2)})
}

func (c *canvas) box(b box, e *record.Execution, alone bool) {
	if b.part == nil {
		c.originBox(b)
		return
	}
	group, a := "g", attributes{"class", "box " + string(b.part.Progress)}
	if !alone {
		group = "a"
		a = append(a, "href", "/executions/"+url.PathEscape(e.ID)+"?step="+url.QueryEscape(b.part.Key), "data-step", b.part.Key)
	}
	c.open(group, a)
	c.title(sentence(b.part))
	c.repeats(b)
	c.element("rect", attributes{"class", "frame", "x", b.x, "y", b.y, "width", boxWidth, "height", b.height, "rx", 7})
	c.element("path", attributes{"class", "edge", "d", fmt.Sprintf("M%g %gv%g", b.x+2.5, b.y+8, b.height-16)})
	c.icon(b.part.Progress, b.x+20, b.y+18)
	c.write(b.x+35, b.y+23, "name", fit(b.part.Service, boxWidth-48-float64(len(b.beside()))*small*glyphWidth, 13))
	c.progress(b)
	for i, line := range b.notes {
		below := rowHeight*len(b.published) + lineHeight*(len(b.notes)-1-i) + 10
		c.write(b.x+13, b.y+b.height-float64(below), "note", line)
	}
	for i, event := range b.published {
		c.event(b, i, event)
	}
	c.close(group)
}

// repeats draws what came again after the part had had its effect: below the box, not in it.
func (c *canvas) repeats(b box) {
	if len(b.part.Repeats) == 0 {
		return
	}
	top := b.y + b.height
	c.element("path", attributes{"class", "repeats", "d", fmt.Sprintf("M%g %gv%ga6 6 0 0 0 6 6h%ga6 6 0 0 0 6 -6v%g", b.x+14, top, b.below-6, boxWidth-40.0, 6-b.below)})
	c.write(b.x+24, top+13, "small", again(b.part))
}

// again says how often an event or a request came again.
func again(p *record.Part) string {
	return "+ " + plural(len(p.Repeats), "repeat") + ", no effect"
}

// progress draws the part's progress and its handler.
func (c *canvas) progress(b box) {
	word, right := b.word(), b.x+boxWidth-11
	if len(b.part.Attempts) == 0 {
		c.write(right, b.y+22, "word", b.beside(), "text-anchor", "end")
		return
	}
	c.write(right, b.y+23, "figure", b.beside(), "text-anchor", "end")
	c.write(b.x+35, b.y+39, "handler", fit(b.part.Handler, boxWidth-52-float64(len(word))*small*glyphWidth, small))
	class := "word"
	if len(b.part.Attempts) > 1 {
		class = "word again"
	}
	c.write(right, b.y+39, class, word, "text-anchor", "end")
}

// event draws an event's row: its type, and whether it has no subscriber.
func (c *canvas) event(b box, i int, event *record.Event) {
	y := b.rowY(i)
	remark := ""
	switch {
	case !event.Due.IsZero():
		remark = "due at once" // or before it was published: a repeat or another clock sent it late
		if after := event.Due.Sub(b.part.Last().StartedAt); after > 0 {
			remark = "in " + short(after)
		}
	case len(event.Parts) == 0 && event.Channel == events.SNS:
		remark = "topic"
	case len(event.Parts) == 0:
		remark = "no subscriber"
	}
	c.channel(event.Channel, b.x+20, y)
	room := boxWidth - 48 - float64(len(remark))*small*glyphWidth
	c.write(b.x+35, y+4, "event", fit(event.Type, room, small))
	if remark != "" {
		c.write(b.x+boxWidth-11, y+4, "small", remark, "text-anchor", "end")
	}
	if len(event.Parts) > 0 {
		c.element("circle", attributes{"class", "port", "cx", b.x + boxWidth, "cy", y, "r", 3})
	}
}

func (c *canvas) originBox(b box) {
	c.open("g", attributes{"class", "box origin"})
	c.title(b.event.Type + ", published from outside")
	c.element("rect", attributes{"class", "frame", "x", b.x, "y", b.y, "width", boxWidth, "height", b.height, "rx", 7})
	c.write(b.x+13, b.y+20, "handler", "published")
	y := b.rowY(0)
	c.channel(b.event.Channel, b.x+20, y)
	c.write(b.x+35, y+4, "event", fit(b.event.Type, boxWidth-48, small))
	c.element("circle", attributes{"class", "port", "cx", b.x + boxWidth, "cy", y, "r", 3})
	c.close("g")
}

// beside returns the text next to the service's name: how long it took, or its progress if it hasn't run.
func (b box) beside() string {
	if len(b.part.Attempts) == 0 {
		return b.word()
	}
	return figure(b.part)
}

// figure returns how long all attempts took.
func figure(p *record.Part) string {
	ms := 0.0
	for _, attempt := range p.Attempts {
		ms += attempt.DurationMS
	}
	return short(time.Duration(ms * float64(time.Millisecond)))
}

// word returns the progress in one word.
func (b box) word() string {
	word := string(b.part.Progress)
	if last := b.part.Last(); last != nil && last.Status > 0 {
		word = strconv.Itoa(last.Status)
	}
	if n := len(b.part.Attempts); n > 1 {
		word += " ×" + strconv.Itoa(n)
	}
	return word
}

// sentence describes a part in a sentence, for screen readers.
func sentence(p *record.Part) string {
	label := p.Service + " " + p.Handler + ": " + string(p.Progress)
	if n := len(p.Attempts); n > 0 {
		label += ", attempts: " + strconv.Itoa(n) + ", " + figure(p)
	}
	if len(p.Repeats) > 0 {
		label += ", " + again(p)
	}
	if p.Note != "" {
		label += ". " + p.Note
	}
	return label
}

// short formats a duration with two or three digits.
func short(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	case d < 100*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
}
