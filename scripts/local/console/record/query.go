package record

import (
	"strings"
)

// Query chooses executions. Its zero value chooses all.
type Query struct {
	Text   string // words that must all occur in the order, the correlation, an event, a service, an outcome
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

// List answers a query.
func (s *Store) List(q Query) Page {
	words := strings.Fields(strings.ToLower(q.Text))
	s.mu.Lock()
	defer s.mu.Unlock()
	page := Page{Executions: []Summary{}, Kept: len(s.order), Lost: s.lost}
	for i := len(s.order) - 1; i >= 0; i-- {
		d := s.order[i]
		if q.Before > 0 && d.number >= q.Before {
			continue
		}
		s.refresh(d)
		if q.State != "" && d.summary.State != q.State || !containsAll(d.text, words) {
			continue
		}
		if len(page.Executions) == q.Limit {
			page.Next = page.Executions[q.Limit-1].Number
			break
		}
		page.Executions = append(page.Executions, d.summary)
	}
	return page
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
func (s *Store) refresh(d *dance) {
	if d.fresh {
		return
	}
	made := assemble(d, s.audience)
	d.summary, d.fresh = made.Summary, true
	words := []string{d.id, made.Subject, made.Began, string(made.State), made.Problem}
	for _, step := range d.steps {
		words = append(words, step.Service, step.EventType, string(step.Outcome), step.Subject)
		for _, fact := range step.Said {
			words = append(words, fact.Type)
		}
	}
	d.text = strings.ToLower(joinUnique(words))
}

func joinUnique(words []string) string {
	seen := map[string]bool{}
	var b strings.Builder
	for _, w := range words {
		if w != "" && !seen[w] {
			seen[w] = true
			b.WriteString(w + "\n")
		}
	}
	return b.String()
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
