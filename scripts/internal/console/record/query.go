package record

import (
	"slices"
	"strings"
)

// Query chooses executions. Its zero value chooses all.
type Query struct {
	Text   string // words that must all occur in the subject, the correlation, an event, a service, an outcome
	State  State
	Before uint64 // only those with a lower number; 0 begins with the newest
	Limit  int
}

// Page is a part of the executions that a query chooses, newest first.
type Page struct {
	Executions []Summary `json:"executions"`
	Next       uint64    `json:"next,omitempty"` // where the next page begins: Before
	Kept       int       `json:"kept"`           // of all, whatever was asked for
	Lost       int       `json:"lost,omitempty"` // steps and hops that came too fast
}

// List answers a query. It looks at what is kept a few executions at a time, so that what happens meanwhile need not wait
// for it.
func (s *Store) List(q Query) Page {
	words := strings.Fields(strings.ToLower(q.Text))
	page := Page{Executions: []Summary{}}
	s.mu.Lock()
	kept := slices.Clone(s.order)
	page.Kept, page.Lost = len(kept), s.lost
	s.mu.Unlock()
	slices.Reverse(kept)
	for few := range slices.Chunk(kept, 100) {
		if s.list(q, words, few, &page); page.Next > 0 {
			break
		}
	}
	return page
}

// list adds those of a few executions that a query chooses to a page, until it is full.
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

// holds reports whether every word occurs in what a search looks at. It looks at the state last, which is costly.
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

// Summaries returns those of executions that are still kept.
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

// Execution returns all that is known of one.
func (s *Store) Execution(id string) (*Execution, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.byID[id]
	if d == nil {
		return nil, false
	}
	return assemble(d, s.audience), true
}

// refresh makes the summary anew where something has changed: nobody looks at most changes.
func (s *Store) refresh(d *flow) {
	if d.fresh {
		return
	}
	d.summary, d.fresh = assemble(d, s.audience).Summary, true
}

// remember adds to what a search looks at: each text once.
func (d *flow) remember(texts ...string) {
	for _, text := range texts {
		if text = strings.ToLower(text); text != "" && !strings.Contains(d.text, text) {
			d.text += text + "\n"
		}
	}
}
