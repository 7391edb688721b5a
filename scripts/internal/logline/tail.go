package logline

import (
	"log/slog"
	"strings"
)

// kept is the number of lines that a Tail keeps.
const kept = 12

// Tail keeps the lines of a log that say why a process ended: the latest warnings, errors and plain text. From a Go
// panic it keeps the beginning, which says what happened. The zero value is ready to use.
type Tail struct {
	lines []string
	panic bool
}

// Add looks at the next line.
func (t *Tail) Add(line []byte) {
	parsed, ok := Parse(line)
	if !ok || parsed.Level < slog.LevelWarn {
		return
	}
	if !t.panic && (strings.HasPrefix(parsed.Message, "panic: ") || strings.HasPrefix(parsed.Message, "fatal error: ")) {
		t.panic, t.lines = true, nil
	}
	switch {
	case len(t.lines) < kept:
		t.lines = append(t.lines, parsed.String())
	case !t.panic:
		t.lines = append(t.lines[1:], parsed.String())
	}
}

// String returns the lines, each indented.
func (t *Tail) String() string {
	if len(t.lines) == 0 {
		return ""
	}
	return "  " + strings.ReplaceAll(strings.Join(t.lines, "\n"), "\n", "\n  ")
}
