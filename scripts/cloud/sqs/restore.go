package sqs

import (
	"cmp"
	"context"
	"slices"
	"time"

	"example.com/localcloud/journal"
)

// Restore loads the state from a journal and saves every later change there. Call it once, before anything else.
// Messages in flight stay so until their visibility timeout ends; message move tasks resume.
func (s *Service) Restore(j *journal.Journal) error {
	s.journal = j
	queues := map[string]*queue{} // by key
	err := journal.Load(j, kindQueue, func(name string, e queueEntry) error {
		q, err := s.restoreQueue(name, e)
		queues[q.key()] = q
		return err
	})
	if err == nil {
		err = restoreMessages(j, queues)
	}
	if err == nil {
		err = restoreEach(j, kindOrders, queues, func(q *queue, _ string, last uint64) { q.orders = max(q.orders, last) })
	}
	if err == nil {
		err = restoreRecent(j, queues)
	}
	if err != nil {
		return err
	}
	for _, q := range queues {
		q.journal = j
	}
	return s.restoreMoves(j)
}

func (s *Service) restoreQueue(name string, e queueEntry) (*queue, error) {
	q := newQueue(name, s.tap, e.Attributes["FifoQueue"] == "true", s.duplicates)
	q.created, q.modified, q.tags, q.attributes = e.Created, e.Modified, e.Tags, e.Attributes
	s.queues[name] = q
	var err error
	q.settings, err = parseSettings(e.Attributes)
	return q, err
}

// restoreEach calls each for the entries of every queue, and deletes the entries of deleted queues.
func restoreEach[T any](j *journal.Journal, kind string, queues map[string]*queue, each func(q *queue, id string, value T)) error {
	return journal.Load(j, kind, func(key string, value T) error {
		of, id := owner(key)
		if q := queues[of]; q != nil {
			each(q, id, value)
		} else {
			j.Delete(kind, key)
		}
		return nil
	})
}

// restoreMessages restores the messages in order, which decides the turns of groups.
func restoreMessages(j *journal.Journal, queues map[string]*queue) error {
	type found struct {
		messageEntry
		queue *queue
		id    string
	}
	var all []found
	err := restoreEach(j, kindMessage, queues, func(q *queue, id string, e messageEntry) { all = append(all, found{e, q, id}) })
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.Order, b.Order) })
	for _, f := range all {
		f.queue.restore(f.message(f.id), f.messageEntry)
	}
	return err
}

// restore puts a message back into its state.
func (q *queue) restore(m *message, e messageEntry) {
	q.messages[m.id] = m
	q.orders = max(q.orders, m.order)
	q.enter(m, e.State, e.Due)
}

func restoreRecent(j *journal.Journal, queues map[string]*queue) error {
	type found struct {
		recentEntry
		queue *queue
		id    string
	}
	var all []found
	err := restoreEach(j, kindRecent, queues, func(q *queue, id string, e recentEntry) { all = append(all, found{e, q, id}) })
	slices.SortFunc(all, func(a, b found) int { return a.At.Compare(b.At) })
	for _, f := range all {
		f.queue.recent.Remember(f.id, &message{id: f.ID, sequence: f.Sequence}, f.At)
	}
	return err
}

type moveEntry struct {
	Source, Destination string // ARNs
	Rate                int
	Started             time.Time
	Status, Failure     string
	ToMove, Moved       int
}

// keepMove saves the state of a task. The caller holds the service's mutex.
func (s *Service) keepMove(t *moveTask) {
	s.journal.Put(kindMove, t.id, moveEntry{t.source.arn, t.destination, t.rate, t.started, t.status, t.failure, t.toMove, t.moved})
}

func (s *Service) restoreMoves(j *journal.Journal) error {
	err := journal.Load(j, kindMove, func(id string, e moveEntry) error {
		source := s.queueOf(e.Source)
		if source == nil {
			j.Delete(kindMove, id)
			return nil
		}
		t := &moveTask{
			id: id, source: source, destination: e.Destination, rate: e.Rate, started: e.Started, cancel: func() {},
			status: e.Status, failure: e.Failure, toMove: e.ToMove, moved: e.Moved,
		}
		if t.status == moveCancelling {
			t.status = moveCancelled
		}
		s.tasks = append(s.tasks, t)
		return nil
	})
	slices.SortFunc(s.tasks, func(a, b *moveTask) int { return a.started.Compare(b.started) })
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tasks {
		if err == nil && t.status == moveRunning {
			s.launch(t)
		}
	}
	return err
}

// launch runs a task in the background.
func (s *Service) launch(t *moveTask) {
	ctx, cancel := context.WithCancel(s.closing)
	t.cancel = cancel
	s.moving.Go(func() {
		defer cancel()
		s.run(ctx, t)
	})
}
