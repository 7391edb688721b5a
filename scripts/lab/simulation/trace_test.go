package simulation

import (
	"encoding/hex"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// trace is the sequence of the scheduler's decisions, as a hash, and as text if it will be printed.
type trace struct {
	verbose bool
	hash    hash.Hash64
	line    []byte
	began   time.Time
	steps   int
	lines   []*step
}

// step is one decision.
type step struct {
	at     time.Duration
	it     *item
	fault  fault
	answer []byte
	text   string // if it has no item
}

func newTrace() *trace { return &trace{hash: fnv.New64a(), began: time.Now()} }

// note records an item's turn.
func (t *trace) note(it *item, f fault) {
	at := time.Since(t.began)
	t.steps++
	t.line = append(append(strconv.AppendInt(t.line[:0], int64(at), 10), it.key...), byte(f), '\n')
	_, _ = t.hash.Write(t.line) // hash.Hash never fails
	if t.verbose {
		t.lines = append(t.lines, &step{at: at, it: it, fault: f})
	}
}

// event records something other than an item's turn.
func (t *trace) event(f fault, text string) {
	at := time.Since(t.began)
	fmt.Fprintln(t.hash, at, text)
	if t.verbose {
		t.lines = append(t.lines, &step{at: at, fault: f, text: text})
	}
}

// answer records the response to a call.
func (t *trace) answer(it *item, answer []byte) {
	for _, s := range slices.Backward(t.lines) {
		if s.it == it {
			s.answer = answer
			return
		}
	}
}

// sum returns the trace's hash.
func (t *trace) sum() string { return hex.EncodeToString(t.hash.Sum(nil)) }

// print prints the steps about a subject and those with a fault, or all steps if there is no subject.
func (t *trace) print(w io.Writer, subject string) {
	for _, s := range t.lines {
		about := subject == "" || s.it == nil || strings.Contains(string(s.it.body), subject) || strings.Contains(string(s.answer), subject)
		if s.it != nil && s.it.hop != nil && strings.Contains(string(s.it.hop.Body), subject) {
			about = true
		}
		if about || s.fault != none && s.fault != expired {
			fmt.Fprintln(w, "  "+s.String())
		}
	}
}

func (s *step) String() string {
	what := s.text
	if s.it != nil {
		what = s.it.describe()
	}
	text := fmt.Sprintf("%9.3fs  %s", s.at.Seconds(), what)
	if s.fault != none {
		text += "  ✗ " + s.fault.String()
	}
	return text
}

var (
	telling = regexp.MustCompile(`[a-z_]+(?:\.[a-z_]+)+\.v\d+|(?:doc|inbox)#[^"\\]+|\bs-[0-9a-f]{20}\b`)
	arnEnd  = regexp.MustCompile(`[^:/]+$`)
)

// describe describes an item in one line.
func (it *item) describe() string {
	if it.hop != nil {
		return fmt.Sprintf("%-16s %-22s %s", arnEnd.FindString(it.hop.Source), "→ "+arnEnd.FindString(it.hop.To), about(it.hop.Body))
	}
	return fmt.Sprintf("%-16s %-22s %s", it.from.name, it.op, about(it.body))
}

// about extracts what distinguishes a body from others.
func about(body []byte) string {
	var words []string
	for _, word := range telling.FindAll(body, -1) {
		if text := string(word); !slices.Contains(words, text) && len(words) < 6 {
			words = append(words, text)
		}
	}
	return strings.Join(words, " ")
}
