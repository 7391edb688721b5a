package trace

import (
	"io"
	"os"

	"example.com/troupe/events"
)

// palette colours text, or leaves it alone.
type palette bool

// The colours of a terminal (ECMA-48), by what they are used for.
const (
	dim    = "2"
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// Coloured tells whether colours are wanted where w goes: on a terminal, unless NO_COLOR
// is set (no-color.org).
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
