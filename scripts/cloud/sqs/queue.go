package sqs

import (
	"container/list"
	"math"
	"sync"
	"time"

	"example.com/localcloud/fifo"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// queue is one queue. The mutex mu guards the fields below it; see lock.
type queue struct {
	name    string
	arn     string
	fifo    bool
	created time.Time
	tap     *tap.Tap
	journal *journal.Journal // also nil until the queue is registered

	duplicates func(queue string) bool // see Service.Duplicates

	mu         sync.Mutex
	modified   time.Time
	attributes map[string]string // as set, including defaults
	settings   settings          // the parsed attributes
	tags       map[string]string
	deleted    bool
	purged     time.Time // time of the last purge

	messages map[string]*message // by id
	agenda   ranked[*message]    // all messages, by the time of their next event
	groups   map[string]*group
	open     ranked[*group] // groups with a message to receive, by their turns
	turns    uint64         // the last turn given out
	counts   [states]int
	orders   uint64 // the last order given out
	recent   fifo.Recent[*message]
	attempts fifo.Recent[*attempt] // by ReceiveRequestAttemptId
	touched  []*message            // to be saved on unlock
	noted    []journal.Change      // likewise

	waiters list.List // of chan struct{}
	timer   *time.Timer
	armed   time.Time // when the timer fires
}

// group is a message group of a FIFO queue, or all messages of a standard queue. Its messages are in the order in which
// they were sent.
type group struct {
	id       string
	visible  ranked[*message]
	inFlight ranked[*message]
	turn     uint64 // later for a group that became open later, so that no group blocks the others
	place    int    // position in queue.open
}

func newGroup(id string) *group {
	inOrder := ranked[*message]{
		less:  func(a, b *message) bool { return a.order < b.order },
		place: func(m *message) *int { return &m.place },
	}
	return &group{id: id, visible: inOrder, inFlight: inOrder}
}

// end returns the order before which messages can be received: in a FIFO queue, that of the first message in flight.
// Source: tests of LocalStack that were validated against AWS, such as
// test_fifo_group_visibility_extends_with_change_message_visibility.
func (g *group) end(fifo bool) uint64 {
	if first, ok := g.inFlight.first(); ok && fifo {
		return first.order
	}
	return math.MaxUint64
}

func newQueue(name string, t *tap.Tap, isFIFO bool, duplicates func(queue string) bool) *queue {
	q := &queue{
		name: name, arn: wire.ARN("sqs", name), fifo: isFIFO, created: time.Now(), tap: t, duplicates: duplicates,
		messages: map[string]*message{}, groups: map[string]*group{},
		agenda: ranked[*message]{
			less:  func(a, b *message) bool { return a.next.Before(b.next) },
			place: func(m *message) *int { return &m.agenda },
		},
		open: ranked[*group]{
			less:  func(a, b *group) bool { return a.turn < b.turn },
			place: func(g *group) *int { return &g.place },
		},
	}
	q.recent.Forgotten = func(id string) { q.note(kindRecent, id, nil) }
	return q
}

// lock locks the mutex, processes what is due and returns the current time.
func (q *queue) lock() time.Time {
	q.mu.Lock()
	now := time.Now()
	q.advance(now)
	return now
}

// unlock saves what has changed, wakes waiters if there are messages, and unlocks the mutex.
func (q *queue) unlock() {
	q.save()
	q.wake()
	q.mu.Unlock()
}

// advance makes due messages visible, and drops those whose retention has ended.
func (q *queue) advance(now time.Time) {
	for {
		m, ok := q.agenda.first()
		switch {
		case !ok || m.next.After(now):
			return
		case !q.expiry(m).After(now):
			q.enter(m, absent, time.Time{})
		default:
			if m.state == inFlight && !q.fifo {
				m.order = q.nextOrder() // to the back, so that a bad message doesn't block the others
			}
			q.enter(m, visible, time.Time{})
		}
	}
}

func (q *queue) expiry(m *message) time.Time { return m.sent.Add(q.settings.retention) }

func (q *queue) nextOrder() uint64 {
	q.orders++
	return q.orders
}

// add adds a new message.
func (q *queue) add(m *message, due, now time.Time) {
	m.order = q.nextOrder()
	q.messages[m.id] = m
	if due.After(now) {
		q.enter(m, delayed, due)
		return
	}
	q.enter(m, visible, time.Time{})
}

// enter moves a message from one state to another. Every change of state goes through here.
func (q *queue) enter(m *message, to state, due time.Time) {
	g := q.groupOf(m)
	q.leave(m, g)
	m.state, m.due, m.next = to, due, q.expiry(m)
	if to == delayed || to == inFlight {
		m.next = earlier(due, m.next)
	}
	q.counts[to]++
	q.touch(m)
	switch to {
	case absent:
		delete(q.messages, m.id)
		q.agenda.remove(m)
	case visible:
		g.visible.set(m)
		q.agenda.set(m)
	case inFlight:
		g.inFlight.set(m)
		q.agenda.set(m)
	default:
		q.agenda.set(m)
	}
	q.updateOpen(g)
}

func (q *queue) leave(m *message, g *group) {
	q.counts[m.state]--
	switch m.state {
	case visible:
		g.visible.remove(m)
	case inFlight:
		g.inFlight.remove(m)
	}
}

// updateOpen adds the group to the open ones, or removes it.
func (q *queue) updateOpen(g *group) {
	if m, ok := g.visible.first(); ok && m.order < g.end(q.fifo) {
		if g.place == 0 {
			q.turns++
			g.turn = q.turns
		}
		q.open.set(g)
		return
	}
	q.open.remove(g)
	if q.fifo && g.visible.Len()+g.inFlight.Len() == 0 {
		delete(q.groups, g.id)
	}
}

func (q *queue) groupOf(m *message) *group {
	id := ""
	if q.fifo {
		id = m.group
	}
	g := q.groups[id]
	if g == nil {
		g = newGroup(id)
		q.groups[id] = g
	}
	return g
}

func (q *queue) report(kind tap.Kind, m *message, from, note string) {
	if !q.tap.Listening() {
		return // before the body is copied
	}
	q.tap.Tell(tap.Hop{Kind: kind, Resource: q.arn, From: from, MessageID: m.id, Note: note, Body: []byte(m.body)})
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
