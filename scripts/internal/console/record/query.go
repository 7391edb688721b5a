package record

import (
	"cmp"
	"slices"
	"strings"

	"example.com/troupe/events"
)

// Query selects executions. Its zero value selects all.
type Query struct {
	Text   string // words that must all occur in the subject, correlation ID, events, services or outcomes
	State  State
	Before uint64 // only executions with a lower number; 0 begins with the newest
	Limit  int
}

// Page is a page of a query's results, newest first.
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
	words := strings.Fields(strings.ToLower(q.Text))
	page := Page{Executions: []Summary{}}
	s.mu.Lock()
	kept := slices.Clone(s.order)
	page.Kept, page.Gone, page.Bytes, page.Lost = len(kept), s.gone, s.limits.Bytes, s.lost
	s.mu.Unlock()
	slices.Reverse(kept)
	for few := range slices.Chunk(kept, 100) {
		if s.list(q, words, few, &page); page.Next > 0 {
			break
		}
	}
	return page
}

// list adds the matching executions among a few to a page, until it is full.
func (s *Store) list(q Query, words []string, few []*flow, page *Page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range few {
		if q.Before > 0 && d.number >= q.Before || !s.holds(d, words) {
			continue
		}
		if s.refresh(d); q.State != "" && d.summary.State != q.State {
			continue
		}
		if len(page.Executions) == q.Limit {
			page.Next = page.Executions[q.Limit-1].Number
			return
		}
		page.Executions = append(page.Executions, d.summary)
	}
}

// holds reports whether every word occurs in the searchable text. It checks the state last, because computing it is
// expensive.
func (s *Store) holds(d *flow, words []string) bool {
	for _, w := range words {
		if strings.Contains(d.text, w) {
			continue
		}
		if !slices.Contains(severity, State(w)) {
			return false
		}
		if s.refresh(d); d.summary.State != State(w) {
			return false
		}
	}
	return true
}

// Summaries returns the summaries of the executions that are still kept.
func (s *Store) Summaries(ids []string) []Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := make([]Summary, 0, len(ids))
	for _, id := range ids {
		if d := s.byID[id]; d != nil {
			s.refresh(d)
			found = append(found, d.summary)
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
	return assemble(d, s.audience), true
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
