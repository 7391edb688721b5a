package scheduler

import (
	"cmp"
	"container/heap"
	"time"

	"example.com/localcloud/journal"
)

// agenda holds the times at which schedules run, the earliest first and then in order of key. An entry whose schedule has
// since been changed or deleted is void: see Service.due.
type agenda []appointment

type appointment struct {
	at  time.Time
	key string
}

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	return cmp.Or(a[i].at.Compare(a[j].at), cmp.Compare(a[i].key, a[j].key)) < 0
}
func (a agenda) Swap(i, j int)   { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(entry any) { *a = append(*a, entry.(appointment)) }

func (a *agenda) Pop() any {
	last := len(*a) - 1
	entry := (*a)[last]
	*a = (*a)[:last]
	return entry
}

// put adds a schedule, or replaces it, and sets its next time. The caller holds the lock.
func (s *Service) put(d *schedule, next time.Time, changes ...journal.Change) {
	d.next = next
	s.schedules[d.key()] = d
	s.journal.Save(append(changes, d.change())...)
	if next.IsZero() {
		return
	}
	heap.Push(&s.agenda, appointment{next, d.key()})
	if s.agenda[0].key == d.key() {
		s.rouse()
	}
}

// delete deletes a schedule. The caller holds the lock.
func (s *Service) delete(d *schedule) {
	delete(s.schedules, d.key())
	s.journal.Delete(kindSchedule, d.key())
}

// rouse tells the clock that the first time has changed, and starts it if necessary. The caller holds the lock.
func (s *Service) rouse() {
	if s.closing.Err() != nil {
		return
	}
	if !s.running {
		s.running = true
		s.background.Go(s.clock)
		return
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// clock runs schedules at their times until the service closes.
func (s *Service) clock() {
	for s.closing.Err() == nil {
		due, next := s.due()
		for _, a := range due {
			s.invoke(a)
		}
		if len(due) == 0 {
			s.wait(next)
		}
	}
}

// wait returns at a time, which is zero if there is none, or when the first time has changed or the service closes.
func (s *Service) wait(until time.Time) {
	var reached <-chan time.Time
	if !until.IsZero() {
		timer := time.NewTimer(time.Until(until))
		defer timer.Stop()
		reached = timer.C
	}
	select {
	case <-reached:
	case <-s.wake:
	case <-s.closing.Done():
	}
}

// due returns the invocations whose time has come, and sets the next times of their schedules. It also returns the first
// time that is left, which is zero if there is none.
func (s *Service) due() (due []*attempt, first time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for s.closing.Err() == nil && len(s.agenda) > 0 && !s.agenda[0].at.After(now) {
		entry := heap.Pop(&s.agenda).(appointment)
		d := s.schedules[entry.key]
		if d == nil || !d.next.Equal(entry.at) {
			continue
		}
		next := d.after(now)
		a := newAttempt(d, d.latest(now), next.IsZero())
		changed := *d
		s.put(&changed, next, a.change())
		due = append(due, a)
	}
	if len(s.agenda) > 0 {
		first = s.agenda[0].at
	}
	return due, first
}

// latest returns the latest time of a schedule that has come, which is after next if the process wasn't running then.
func (d *schedule) latest(now time.Time) time.Time {
	latest := d.next
	if before := now.Add(-d.Target.age()); d.next.Before(before) {
		if next := d.after(before); !next.IsZero() && !next.After(now) {
			latest = next
		}
	}
	for {
		next := d.after(latest)
		if next.IsZero() || next.After(now) {
			return latest
		}
		latest = next
	}
}
