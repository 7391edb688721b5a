package main

import (
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/logline"
	"example.com/troupe/scripts/internal/trace"
)

const logsUsage = "also print log lines below warnings: `info` for those of all services, or names of services, separated by commas"

// screen prints what services do, log and can't say themselves. Many goroutines write to it, a whole line at a time.
type screen struct {
	trace.Printer
	quiet bool   // no steps
	logs  string // see logsUsage
}

// serial lets one goroutine write at a time.
type serial struct {
	mu  sync.Mutex
	out io.Writer
}

func (s *serial) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

func newScreen(out io.Writer) *screen {
	return &screen{Printer: trace.Printer{Out: &serial{out: out}, Colours: trace.Coloured(out)}}
}

func (s *screen) step(step events.Step) {
	if !s.quiet {
		_ = s.Step(step)
	}
}

// line prints a line of a service's log: warnings, errors and plain text, and what else the user wants.
func (s *screen) line(service string, line []byte) {
	parsed, ok := logline.Parse(line)
	if !ok || parsed.Level < slog.LevelWarn && !s.wants(service) {
		return
	}
	if parsed.Time.IsZero() {
		parsed.Time = time.Now()
	}
	_ = s.Note(parsed.Time, parsed.CorrelationID, service, parsed.String(), parsed.Level)
}

func (s *screen) wants(service string) bool {
	for name := range strings.SplitSeq(s.logs, ",") {
		if name == "info" || name == service {
			return true
		}
	}
	return false
}

// problem prints what keeps a service from working, without the end of its log, which has just been printed.
func (s *screen) problem(service, why string) {
	lines := slices.DeleteFunc(strings.Split(why, "\n"), func(line string) bool { return strings.HasPrefix(line, "  ") })
	_ = s.Note(time.Now(), "", service, strings.Join(lines, "\n"), slog.LevelError)
}
