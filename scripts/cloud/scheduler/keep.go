package scheduler

import (
	"container/heap"
	"time"

	"example.com/localcloud/journal"
)

// The kinds of journal entries.
const (
	kindGroup    = "scheduler/group"    // by name
	kindSchedule = "scheduler/schedule" // by group and name
	kindAttempt  = "scheduler/attempt"  // pending invocations, by id
)

type groupEntry struct {
	Group
	Tags map[string]string
}

func (s *Service) keepGroup(g *group) { s.journal.Put(kindGroup, g.Name, groupEntry{g.Group, g.tags}) }

type scheduleEntry struct {
	Schedule
	Anchor, Next time.Time
}

func (d *schedule) entry() scheduleEntry { return scheduleEntry{d.Schedule, d.anchor, d.next} }

func (d *schedule) change() journal.Change {
	return journal.Change{Kind: kindSchedule, Key: d.key(), Value: d.entry()}
}

func (e scheduleEntry) schedule() (*schedule, error) {
	d := &schedule{Schedule: e.Schedule, next: e.Next}
	err := d.parse()
	d.anchor = e.Anchor
	return d, err
}

// attemptEntry is an invocation that has not ended, with the schedule as it was then.
type attemptEntry struct {
	Schedule  scheduleEntry
	Scheduled time.Time
	Last      bool
	Retries   int
}

func (a *attempt) change() journal.Change {
	return journal.Change{Kind: kindAttempt, Key: a.id, Value: attemptEntry{a.schedule.entry(), a.scheduled, a.last, a.retries}}
}

// Restore loads the state from a journal and saves every later change there. Call it once, after all targets have been
// restored: pending invocations resume at once, and those that were missed run.
func (s *Service) Restore(j *journal.Journal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal = j
	err := journal.Load(j, kindGroup, func(name string, e groupEntry) error {
		g := &group{e.Group, map[string]string{}}
		for key, value := range e.Tags {
			g.tags[key] = value
		}
		s.groups[name] = g
		return nil
	})
	if err == nil {
		err = journal.Load(j, kindSchedule, func(key string, e scheduleEntry) error {
			d, err := e.schedule()
			s.schedules[key] = d
			if !d.next.IsZero() {
				heap.Push(&s.agenda, appointment{d.next, key})
			}
			return err
		})
	}
	if err == nil {
		err = journal.Load(j, kindAttempt, s.restoreAttempt)
	}
	if err == nil && len(s.agenda) > 0 {
		s.rouse()
	}
	return err
}

// restoreAttempt invokes the target again: whether it was before is not known.
func (s *Service) restoreAttempt(id string, e attemptEntry) error {
	d, err := e.Schedule.schedule()
	if err == nil {
		a := &attempt{id: id, schedule: d, scheduled: e.Scheduled, last: e.Last, retries: e.Retries}
		s.background.Go(func() { s.invoke(a) })
	}
	return err
}
