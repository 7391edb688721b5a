package record

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// Query selects executions. Its zero value selects all.
type Query struct {
	Text    string // words that must all occur in what the page shows of an execution: see holds
	State   State
	Outcome schema.Outcome // Unsaid selects those without
	Since   time.Time      // only executions that began then or later
	Until   time.Time      // only executions that began before
	Sort    Sort
	Before  uint64 // the number of the last execution of the page before; 0 begins with the first
	Limit   int
}

// Unsaid is the outcome of executions of which no event said how they ended.
const Unsaid schema.Outcome = "none"

// Sort is an order of executions.
type Sort string

// The orders. Executions that are equal in one are sorted by time, newest first.
const (
	Newest  Sort = "" // which began last
	Oldest  Sort = "oldest"
	Longest Sort = "longest"
	Most    Sort = "steps"
	Retried Sort = "retries"
)

// Sorts lists the orders.
var Sorts = []Sort{Newest, Oldest, Longest, Most, Retried}

// States and Outcomes list what can be selected.
var (
	States   = []State{Running, Waiting, Failed, Rejected, Done}
	Outcomes = []schema.Outcome{schema.Success, schema.Failure, Unsaid}
)

// Page is a page of a query's results.
type Page struct {
	Executions []Summary `json:"executions"`
	Next       uint64    `json:"next,omitempty"` // Before for the next page
	Kept       int       `json:"kept"`           // number of all executions, whatever the query
	Gone       int       `json:"gone,omitempty"` // number of executions that were let go
	Bytes      int       `json:"bytes"`          // how much is kept before that happens
	Lost       int       `json:"lost,omitempty"` // steps and hops dropped because they came too fast
}

// List runs a query. It locks the store for a few executions at a time, so that new records don't have to wait.
func (s *Store) List(q Query) Page {
	s.mu.Lock()
	kept := slices.Clone(s.order)
	slices.Reverse(kept)
	slices.SortStableFunc(kept, func(a, b *flow) int { return b.first.Compare(a.first) }) // nearly sorted
	page := Page{Executions: []Summary{}, Kept: len(kept), Gone: s.gone, Bytes: s.limits.Bytes, Lost: s.lost}
	s.mu.Unlock()
	if q.Sort == Oldest {
		slices.Reverse(kept)
	}
	words := strings.Fields(strings.ToLower(q.Text))
	var found []Summary
	begun := q.Before == 0 // in the order of time, a page can end as soon as it is full
	inTime := q.Sort == Newest || q.Sort == Oldest
	for few := range slices.Chunk(kept, 100) {
		found = append(found, s.matches(q, words, few)...)
		if !inTime {
			continue
		}
		if at := numbered(found, q.Before); !begun && at >= 0 {
			begun, found = true, found[at+1:]
		} else if !begun {
			found = nil
		}
		if len(found) > q.Limit {
			break
		}
	}
	if !inTime {
		slices.SortStableFunc(found, q.Sort.compare)
		if at := numbered(found, q.Before); q.Before > 0 {
			found = found[at+1:]
		}
	}
	if len(found) > q.Limit {
		found = found[:q.Limit]
		page.Next = found[q.Limit-1].Number
	}
	page.Executions = append(page.Executions, found...)
	return page
}

func (o Sort) compare(a, b Summary) int {
	switch o {
	case Longest:
		return cmp.Compare(b.DurationMS, a.DurationMS)
	case Most:
		return cmp.Compare(b.Steps, a.Steps)
	default:
		return cmp.Compare(b.Retries, a.Retries)
	}
}

func numbered(found []Summary, number uint64) int {
	return slices.IndexFunc(found, func(s Summary) bool { return s.Number == number })
}

// matches returns the summaries of the executions among a few that match, and that of the one before the page.
func (s *Store) matches(q Query, words []string, few []*flow) (found []Summary) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range few {
		if q.selects(d) && s.holds(d, words) && s.selects(q, d) || d.number == q.Before {
			found = append(found, s.summary(d))
		}
	}
	return found
}

// selects reports whether an execution began at a time that the query asks for.
func (q Query) selects(d *flow) bool {
	return (q.Since.IsZero() || !d.first.Before(q.Since)) && (q.Until.IsZero() || d.first.Before(q.Until))
}

// selects reports whether an execution has the state and the outcome that a query asks for.
func (s *Store) selects(q Query, d *flow) bool {
	if q.State == "" && q.Outcome == "" {
		return true
	}
	s.refresh(d)
	return (q.State == "" || d.summary.State == q.State) && (q.Outcome == "" || cmp.Or(d.summary.Outcome, Unsaid) == q.Outcome)
}

// holds reports whether every word occurs in an execution: in its subject, correlation ID, events, services, outcomes,
// statuses and errors, or in its payloads. It checks the state last, because computing it is expensive.
func (s *Store) holds(d *flow, words []string) bool {
	for _, w := range words {
		if strings.Contains(d.text, w) || d.carries([]byte(w)) {
			continue
		}
		if !slices.Contains(severity, State(w)) && !slices.Contains(Outcomes, schema.Outcome(w)) {
			return false
		}
		if s.refresh(d); d.summary.State != State(w) && d.summary.Outcome != schema.Outcome(w) {
			return false
		}
	}
	return true
}

// carries reports whether a word in lower case occurs in an execution's payloads.
func (d *flow) carries(word []byte) bool {
	in := func(payload []byte) bool { return bytes.Contains(bytes.ToLower(payload), word) }
	for i := range d.steps {
		step := &d.steps[i]
		if in(step.In) || in(step.Out) {
			return true
		}
		for _, published := range step.Published {
			if in(published.Data) {
				return true
			}
		}
	}
	return false
}

// Summaries returns the summaries of the executions that are still kept.
func (s *Store) Summaries(ids []string) []Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := make([]Summary, 0, len(ids))
	for _, id := range ids {
		if d := s.byID[id]; d != nil {
			found = append(found, s.summary(d))
		}
	}
	return found
}

// Execution returns everything known about an execution.
func (s *Store) Execution(id string) (*Execution, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.byID[id]
	if d == nil {
		return nil, false
	}
	made := assemble(d, s.audience)
	others := s.related(d)
	made.Related = len(others)
	for _, other := range others[:min(len(others), mostRelated)] {
		made.Relatives = append(made.Relatives, s.summary(other))
	}
	return made, true
}

// LastAttempt returns a service's last step with an event of an execution.
func (s *Store) LastAttempt(execution, event, service string) (last events.Step, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.byID[cmp.Or(execution, event)]
	if d == nil {
		return last, false
	}
	for _, step := range d.steps {
		if step.EventID == event && step.Service == service && !step.StartedAt.Before(last.StartedAt) {
			last, known = step, true
		}
	}
	return last, known
}

// refresh recomputes the summary if something has changed. Most changes are never looked at, so it is computed on
// demand.
func (s *Store) refresh(d *flow) {
	if d.fresh {
		return
	}
	d.summary, d.fresh = assemble(d, s.audience).Summary, true
}

// remember adds texts to the searchable text, each once.
func (d *flow) remember(texts ...string) {
	for _, text := range texts {
		if text = strings.ToLower(text); text != "" && !strings.Contains(d.text, text) {
			d.text += text + "\n"
		}
	}
}
