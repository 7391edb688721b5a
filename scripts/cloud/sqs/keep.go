package sqs

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/journal"
)

// The kinds of journal entries. The keys of a queue's messages start with the queue's key, which is unique even among
// queues of the same name. So the messages of a deleted queue never show up in a new one.
const (
	kindQueue   = "sqs/queue"   // by name
	kindMessage = "sqs/message" // by queue and id
	kindRecent  = "sqs/recent"  // by queue and deduplication id
	kindOrders  = "sqs/orders"  // by queue; FIFO
	kindMove    = "sqs/move"    // by id
)

type queueEntry struct {
	Attributes        map[string]string
	Tags              map[string]string
	Created, Modified time.Time
}

// keep saves the queue's attributes and tags. The caller holds the mutex.
func (q *queue) keep() {
	if !q.deleted {
		q.journal.Put(kindQueue, q.name, queueEntry{q.attributes, q.tags, q.created, q.modified})
	}
}

func (q *queue) key() string { return q.name + "/" + strconv.FormatInt(q.created.UnixNano(), 36) }

type messageEntry struct {
	Body       string
	Attributes map[string]MessageAttributeValue `json:",omitempty"`
	Trace      string                           `json:",omitempty"`
	Sender     string                           `json:",omitempty"`
	From       string                           `json:",omitempty"`
	Group      string                           `json:",omitempty"`
	Dedup      string                           `json:",omitempty"`
	Sequence   uint64                           `json:",omitempty"`
	Sent       time.Time
	First      time.Time `json:",omitzero"`
	Received   time.Time `json:",omitzero"`
	Receives   int       `json:",omitempty"`
	Before     int       `json:",omitempty"`
	Source     string    `json:",omitempty"`
	State      state
	Due        time.Time `json:",omitzero"`
	Order      uint64
}

func (m *message) entry() messageEntry {
	return messageEntry{
		Body: m.body, Attributes: m.attributes, Trace: m.trace, Sender: m.sender, From: m.from, Group: m.group, Dedup: m.dedup,
		Sequence: m.sequence, Sent: m.sent, First: m.first, Received: m.received, Receives: m.receives, Before: m.before, Source: m.source,
		State: m.state, Due: m.due, Order: m.order,
	}
}

func (e messageEntry) message(id string) *message {
	return &message{
		content: content{
			body: e.Body, bodyMD5: md5Hex(e.Body), attributes: e.Attributes, trace: e.Trace, sender: e.Sender, from: e.From, group: e.Group, dedup: e.Dedup,
		},
		id: id, sequence: e.Sequence, sent: e.Sent, first: e.First, received: e.Received, receives: e.Receives, before: e.Before, source: e.Source,
		order: e.Order,
	}
}

// recentEntry is a message that deduplication still compares others with.
type recentEntry struct {
	ID       string
	Sequence uint64
	At       time.Time
}

// touch marks a message to be saved when the mutex is unlocked.
func (q *queue) touch(m *message) {
	if q.journal != nil && !m.touched {
		m.touched = true
		q.touched = append(q.touched, m)
	}
}

// untouch undoes touch. If the process ends, the message is as it was before the change.
func (q *queue) untouch(m *message) {
	m.touched = false
	q.touched = slices.DeleteFunc(q.touched, func(other *message) bool { return other == m })
}

// remember records a message for deduplication and marks that to be saved with the message.
func (q *queue) remember(id string, m *message, now time.Time) {
	q.recent.Remember(id, m, now)
	q.note(kindRecent, id, recentEntry{m.id, m.sequence, now})
}

// note adds a change to be saved when the mutex is unlocked.
func (q *queue) note(kind, id string, value any) {
	if q.journal != nil {
		q.noted = append(q.noted, journal.Change{Kind: kind, Key: q.key() + " " + id, Value: value})
	}
}

// save writes all changes since the mutex was locked to the journal, atomically.
func (q *queue) save() {
	if len(q.touched)+len(q.noted) == 0 {
		return
	}
	for _, m := range q.touched {
		m.touched = false
		if m.state == absent {
			q.note(kindMessage, m.id, nil)
		} else {
			q.note(kindMessage, m.id, m.entry())
		}
	}
	if q.fifo && !q.deleted {
		q.noted = append(q.noted, journal.Change{Kind: kindOrders, Key: q.key(), Value: q.orders})
	}
	q.journal.Save(q.noted...)
	clear(q.touched)
	clear(q.noted)
	q.touched, q.noted = q.touched[:0], q.noted[:0]
}

// forget deletes the queue's messages from the journal. The caller holds the mutex.
func (q *queue) forget() {
	for _, m := range q.messages {
		q.note(kindMessage, m.id, nil)
	}
	q.recent.Clear()
	q.save()
	q.journal.Delete(kindOrders, q.key())
}

// owner splits a journal key into the key of a queue and the entry's id.
func owner(key string) (queue, id string) {
	queue, id, _ = strings.Cut(key, " ")
	return queue, id
}
