package trace

import (
	"io"
	"os"

	"example.com/troupe/events"
)

// palette adds colours to text, if it is true.
type palette bool

// Terminal colours (ECMA-48) by meaning.
const (
	dim    = "2"
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// Coloured reports whether output to w should be coloured: if w is a terminal and NO_COLOR (no-color.org) isn't set.
func Coloured(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p palette) paint(colour, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func outcomeColour(outcome events.Outcome) string {
	switch outcome {
	case events.Handled:
		return green
	case events.Retried, events.Refused:
		return yellow
	case events.DeadLettered:
		return red
	default:
		return dim
	}
}
