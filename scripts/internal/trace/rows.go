package trace

import (
	"strconv"
	"strings"
	"time"

	"example.com/troupe/events"
)

// row is one line of a tree: a step with its columns, or an event or a remark with text only.
type row struct {
	tree    string // the branch that joins it to its parent
	text    string // a step's service; an event's type; a remark
	colour  string
	note    string // of an event
	handler string // of a step, like what follows
	word    string // the outcome as shown: "handled", "202"
	outcome events.Outcome
	ms      float64
}

// tree turns events into rows.
type tree struct {
	rows  []row
	began time.Time
}

// event adds an event and everything that it caused. first precedes its own line, and rest the lines below. A request
// is only its one step.
func (t *tree) event(event *Event, first, rest string) {
	request := event.Type == "http"
	if !request {
		t.rows = append(t.rows, row{tree: first, text: event.Type, colour: cyan, note: t.note(event)})
	}
	for i, step := range event.Steps {
		if request {
			t.step(step, first, rest)
			continue
		}
		branch, below := fork(rest, i == len(event.Steps)-1)
		t.step(step, branch, below)
	}
}

func (t *tree) step(step *Step, first, rest string) {
	t.rows = append(t.rows, row{
		tree: first, text: step.Service, colour: bold,
		handler: step.Handler, word: word(step.Step), outcome: step.Outcome, ms: step.DurationMS,
	})
	if text := Why(step.Step); text != "" {
		_, below := fork(rest, len(step.Published) == 0)
		for _, line := range wrap(text, Width-length(below)) {
			t.rows = append(t.rows, row{tree: below, text: line, colour: outcomeColour(step.Outcome)})
		}
	}
	for i, event := range step.Published {
		branch, below := fork(rest, i == len(step.Published)-1)
		t.event(event, branch, below)
	}
}

// Why returns why a step failed, or why its request was refused: its reason and its error.
func Why(step events.Step) string {
	switch {
	case step.Reason == "" || strings.HasPrefix(step.Error, step.Reason):
		return step.Error
	case step.Error == "":
		return step.Reason
	default:
		return step.Reason + ": " + step.Error
	}
}

// fork returns the branch that precedes a child and the one that precedes the child's descendants.
func fork(trunk string, last bool) (branch, below string) {
	if last {
		return trunk + "└─ ", trunk + "   "
	}
	return trunk + "├─ ", trunk + "│  "
}

// word returns a step's outcome as shown.
func word(step events.Step) string {
	text := string(step.Outcome)
	if step.Status != 0 {
		text = strconv.Itoa(step.Status)
	}
	if step.Attempt > 1 {
		text += " ×" + strconv.Itoa(step.Attempt)
	}
	return text
}

func (t *tree) note(event *Event) string {
	switch {
	case !event.Due.IsZero() && !event.Due.After(t.began): // clocks differ, or it was sent again
		return "due at once"
	case !event.Due.IsZero():
		return "due " + event.Due.Sub(t.began).Round(100*time.Millisecond).String() + " after the start"
	case event.Channel == "" || len(event.Steps) > 0:
		return "" // it began the execution, or some service handled it
	case event.Channel == events.SNS:
		return "to the topic's subscribers"
	default:
		return "no subscribers"
	}
}

// wrap breaks a text into lines of a number of columns. A longer word stays whole.
func wrap(text string, columns int) (lines []string) {
	for paragraph := range strings.Lines(text) {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			if line != "" && length(line)+1+length(word) > columns {
				lines, line = append(lines, line), ""
			}
			line = strings.TrimPrefix(line+" "+word, " ")
		}
		lines = append(lines, line)
	}
	return lines
}
