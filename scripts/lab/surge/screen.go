package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/internal/trace"
)

// plainEvery is the interval of lines if the output isn't a terminal.
const plainEvery = 2 * time.Second

// screen shows a run in progress: as an updated picture on a terminal, as lines otherwise.
type screen struct {
	out      io.Writer
	terminal bool
	lines    int // of the current picture
	written  time.Time
}

func newScreen(out io.Writer) *screen { return &screen{out: out, terminal: trace.Coloured(out)} }

func coloured(out io.Writer) bool { return trace.Coloured(out) }

func (s *screen) show(r *surge.Run) {
	if s.terminal {
		drawn := picture(r, true)
		s.close()
		fmt.Fprint(s.out, drawn)
		s.lines = strings.Count(drawn, "\n")
		return
	}
	if time.Since(s.written) < plainEvery {
		return
	}
	s.written = time.Now()
	last := r.Last()
	fmt.Fprintf(s.out, "%5.1f s  %s in | webhook: %s, %s refused | queue: %s\n",
		last.At, cli.Thousands(last.Arrived), last.Webhook.Summary(), cli.Thousands(last.Webhook.Refused), last.Queue.Summary())
}

// close removes the picture.
func (s *screen) close() {
	if s.lines > 0 {
		fmt.Fprintf(s.out, "\x1b[%dA\x1b[J", s.lines)
		s.lines = 0
	}
}
