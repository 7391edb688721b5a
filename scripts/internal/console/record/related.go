package record

import "slices"

const (
	mostSubjects = 8  // of one execution
	mostRelated  = 20 // shown
)

// relate notes that an execution is about a subject.
func (s *Store) relate(d *flow, subject string) {
	if subject == "" || len(d.subjects) >= mostSubjects || slices.Contains(d.subjects, subject) {
		return
	}
	d.subjects = append(d.subjects, subject)
	s.about[subject] = append(s.about[subject], d)
}

// unrelate forgets an execution's subjects.
func (s *Store) unrelate(d *flow) {
	for _, subject := range d.subjects {
		at := slices.Index(s.about[subject], d)
		if s.about[subject] = slices.Delete(s.about[subject], at, at+1); len(s.about[subject]) == 0 {
			delete(s.about, subject)
		}
	}
}

// related returns the other executions about the same subjects, newest first.
func (s *Store) related(d *flow) (others []*flow) {
	for _, subject := range d.subjects {
		for _, other := range s.about[subject] {
			if other != d && !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
	}
	slices.SortStableFunc(others, func(a, b *flow) int { return b.first.Compare(a.first) })
	return others
}

// summary returns an execution's summary as of now.
func (s *Store) summary(d *flow) Summary {
	s.refresh(d)
	made := d.summary
	for _, subject := range d.subjects {
		made.Related = max(made.Related, len(s.about[subject])-1)
	}
	return made
}
