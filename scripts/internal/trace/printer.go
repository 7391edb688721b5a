package trace

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"example.com/troupe/events"
)

// Width is the maximum length of printed lines, in columns, unless long names exceed it.
const Width = 100

// Printer prints executions.
type Printer struct {
	Out     io.Writer
	Colours bool // see Coloured
}

// Print draws an execution as a tree under a title.
func (p Printer) Print(title string, execution Execution) error {
	t := tree{began: execution.StartedAt}
	for _, event := range execution.Events {
		t.event(event, "", "")
	}
	paint := palette(p.Colours)
	steps := "steps"
	if execution.Steps == 1 {
		steps = "step"
	}
	summary := fmt.Sprintf("%d %s in %.0f ms", execution.Steps, steps, execution.DurationMS)
	out := bytes.NewBufferString(paint.paint(bold, title) + "  " + paint.paint(dim, summary) + "\n")
	shared := measure(t.rows)
	for _, r := range t.rows {
		out.WriteString(r.render(paint, shared) + "\n")
	}
	_, err := p.Out.Write(out.Bytes())
	return err
}

// Step prints one step on one line.
func (p Printer) Step(step events.Step) error {
	paint := palette(p.Colours)
	published := make([]string, len(step.Published))
	for i, event := range step.Published {
		published[i] = event.Type
	}
	outcome := word(step)
	line := paint.paint(dim, step.StartedAt.Format("15:04:05.000")) +
		"  " + paint.paint(bold, step.Service) + pad(step.Service, 13) +
		"  " + step.Handler + pad(step.Handler, 24) +
		"  " + paint.paint(outcomeColour(step.Outcome), outcome) + pad(outcome, 10) +
		paint.paint(dim, fmt.Sprintf("%8.1f ms", step.DurationMS))
	if len(published) > 0 {
		line += "  " + paint.paint(cyan, strings.Join(published, ", "))
	}
	if why := Why(step); why != "" {
		line += "\n" + strings.Repeat(" ", 14) + paint.paint(outcomeColour(step.Outcome), cut(why, Width-14))
	}
	_, err := fmt.Fprintln(p.Out, line)
	return err
}

// columns are the column widths of one tree.
type columns struct{ name, handler, word int }

func measure(rows []row) columns {
	var c columns
	for _, r := range rows {
		if r.handler != "" {
			c.name = max(c.name, length(r.tree+r.text))
			c.handler = max(c.handler, length(r.handler))
			c.word = max(c.word, length(r.word))
		}
	}
	return c
}

func (r row) render(paint palette, c columns) string {
	line := paint.paint(dim, r.tree) + paint.paint(r.colour, r.text)
	if r.handler != "" {
		return line + pad(r.tree+r.text, c.name) +
			"  " + r.handler + pad(r.handler, c.handler) +
			"  " + paint.paint(outcomeColour(r.outcome), r.word) + pad(r.word, c.word) +
			paint.paint(dim, fmt.Sprintf("%8.1f ms", r.ms))
	}
	if r.note != "" {
		line += "  " + paint.paint(dim, r.note)
	}
	return line
}

func pad(text string, width int) string {
	return strings.Repeat(" ", max(0, width-length(text)))
}

func length(text string) int { return utf8.RuneCountInString(text) }
