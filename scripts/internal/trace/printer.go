package trace

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
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
	summary := fmt.Sprintf("%s in %.0f ms", cli.Count(execution.Steps, "step"), execution.DurationMS)
	out := bytes.NewBufferString(paint.paint(bold, title) + "  " + paint.paint(dim, summary) + "\n")
	shared := measure(t.rows)
	for _, r := range t.rows {
		out.WriteString(r.render(paint, shared) + "\n")
	}
	_, err := p.Out.Write(out.Bytes())
	return err
}

// Step prints a step that has just ended: when it ended, its execution, and what it did. An error follows on lines of
// its own.
func (p Printer) Step(step events.Step) error {
	paint := palette(p.Colours)
	ended := step.StartedAt.Add(time.Duration(step.DurationMS * float64(time.Millisecond)))
	outcome := word(step)
	line := p.prefix(ended, step.CorrelationID, step.Service) +
		step.Handler + pad(step.Handler, 24) +
		"  " + paint.paint(outcomeColour(step.Outcome), outcome) + pad(outcome, 10) +
		paint.paint(dim, fmt.Sprintf("%8.1f ms", step.DurationMS))
	if step.Subject != "" {
		line += "  " + step.Subject
	}
	for i, event := range step.Published {
		line += []string{"  → ", ", "}[min(i, 1)] + paint.paint(cyan, event.Type)
	}
	if why := Why(step); why != "" {
		for part := range strings.Lines(why) {
			line += "\n" + strings.Repeat(" ", 14) + paint.paint(outcomeColour(step.Outcome), strings.TrimSuffix(part, "\n"))
		}
	}
	_, err := fmt.Fprintln(p.Out, line)
	return err
}

// Note prints a message of or about a service. Further lines of it are indented.
func (p Printer) Note(at time.Time, correlationID, service, text string, level slog.Level) error {
	colour := dim
	switch {
	case level >= slog.LevelError:
		colour = red
	case level >= slog.LevelWarn:
		colour = yellow
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = palette(p.Colours).paint(colour, line)
	}
	_, err := fmt.Fprintln(p.Out, p.prefix(at, correlationID, service)+strings.Join(lines, "\n"+strings.Repeat(" ", 14)))
	return err
}

// prefix returns the beginning of a line about a service: the time, a short form of the execution's correlation id, by
// which the lines of parallel executions can be told apart, and the service.
func (p Printer) prefix(at time.Time, correlationID, service string) string {
	paint := palette(p.Colours)
	short := string([]rune(correlationID)[:min(len([]rune(correlationID)), 8)])
	return paint.paint(dim, at.Local().Format("15:04:05.000")+"  "+short+pad(short, 8)) +
		"  " + paint.paint(bold, service) + pad(service, 13) + "  "
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
