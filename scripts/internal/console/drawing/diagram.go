package drawing

import (
	"fmt"
	"strconv"

	"example.com/troupe/scripts/internal/console/record"
)

// Dimensions of a diagram, in pixels.
const (
	boxWidth   = 226
	headHeight = 48
	bareHead   = 34 // of a part that has not run
	rowHeight  = 20
	lineHeight = 14
	columnGap  = 46
	boxGap     = 18
	margin     = 16
	small      = 11 // the font size of names
	tabHeight  = 18 // of the repeats below a box

	noteColumns = 30 // characters of that size in a box
)

// box is a part of an execution with its position; without a part, it is the event that began the execution.
type box struct {
	x, y, height float64
	below        float64 // of what hangs below it
	part         *record.Part
	event        *record.Event
	notes        []string
	published    []*record.Event
}

// wire connects an event, in the box that published it, to a box.
type wire struct {
	x1, y1, x2, y2 float64
	event          *record.Event
	to             *record.Part
}

// diagram is an execution laid out from left to right: what an event caused stands to its right, as high as its
// column has room. Columns are filled in one order, so that wires don't cross.
type diagram struct {
	boxes         []box
	wires         []wire
	free          []float64 // by column, the first free y
	width, height float64
}

// Diagram draws an execution. A standalone drawing has no links.
func Diagram(e *record.Execution, alone bool) string {
	d := layOut(e)
	c := &canvas{}
	label := fmt.Sprintf("Execution %s: %s, %s", e.Subject, plural(e.Steps, "step"), e.State)
	c.begin(d.width, d.height, label, alone)
	for _, w := range d.wires {
		c.wire(w)
	}
	for _, b := range d.boxes {
		c.box(b, e, alone)
	}
	return c.end()
}

func layOut(e *record.Execution) *diagram {
	d := &diagram{}
	for _, event := range e.Events {
		top := max(d.height, margin) // below everything before it
		if event.Type != "http" {
			d.place(box{event: event, published: []*record.Event{event}, height: bareHead + rowHeight - 4}, 0, top)
			continue
		}
		for _, part := range event.Parts {
			d.place(newBox(part), 0, top)
		}
	}
	d.height = max(d.height-boxGap, margin) + margin
	d.width += 2 * margin
	return d
}

func newBox(p *record.Part) box {
	b := box{part: p, published: p.Published, height: headHeight + rowHeight*float64(len(p.Published))}
	if len(p.Attempts) == 0 {
		b.height = bareHead
	}
	if p.Note != "" && p.Progress != record.Ran {
		b.notes = wrap(p.Note, noteColumns, 4)
		b.height += lineHeight*float64(len(b.notes)) + 8
	}
	if len(p.Repeats) > 0 {
		b.below = tabHeight
	}
	return b
}

// place puts a box into a column, no higher than top, and what its events caused into the columns to the right. It
// returns the y of the middle of the box's head.
func (d *diagram) place(b box, column int, top float64) (middle float64) {
	if column == len(d.free) {
		d.free = append(d.free, 0)
	}
	b.x, b.y = margin+float64(column)*(boxWidth+columnGap), max(top, d.free[column])
	d.free[column] = b.y + b.height + b.below + boxGap
	d.width, d.height = max(d.width, b.x-margin+boxWidth), max(d.height, d.free[column])
	d.boxes = append(d.boxes, b)
	for i, event := range b.published {
		for _, p := range event.Parts {
			w := wire{x1: b.x + boxWidth, y1: b.rowY(i), x2: b.x + boxWidth + columnGap, event: event, to: p}
			w.y2 = d.place(newBox(p), column+1, b.y)
			d.wires = append(d.wires, w)
		}
	}
	return b.y + bareHead/2
}

// plural returns a number with its noun: "1 step".
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// rowY returns the middle of an event's row; rows are at the bottom of a box.
func (b box) rowY(i int) float64 {
	return b.y + b.height - rowHeight*float64(len(b.published)-i) + rowHeight/2 - 2
}
