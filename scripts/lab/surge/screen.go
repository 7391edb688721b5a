package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/internal/trace"
)

// plainEvery is how often a line is written where nothing can be drawn over.
const plainEvery = 2 * time.Second

// screen shows a run as it goes on: a picture that is drawn over on a terminal, lines elsewhere.
type screen struct {
	out      io.Writer
	terminal bool
	lines    int // of the picture that is there
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
		last.At, surge.Figure(last.Arrived), last.Webhook.Summary(), surge.Figure(last.Webhook.Refused), last.Queue.Summary())
}

// close takes the picture away.
func (s *screen) close() {
	if s.lines > 0 {
		fmt.Fprintf(s.out, "\x1b[%dA\x1b[J", s.lines)
		s.lines = 0
	}
}
