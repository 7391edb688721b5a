package sns

import (
	"time"

	"example.com/localcloud/delivery"
	"example.com/localcloud/journal"
)

// The kinds of journal entries.
const (
	kindTopic    = "sns/topic"    // with its subscriptions, by ARN
	kindSequence = "sns/sequence" // the last number given out, by topic; FIFO
	kindRecent   = "sns/recent"   // by topic and deduplication id
	kindPosting  = "sns/posting"  // a pending delivery over HTTP, by message id and subscription
)

type topicEntry struct {
	Attributes    map[string]string
	Tags          map[string]string
	Subscriptions []subscriptionEntry
	Deleted       int
}

type subscriptionEntry struct {
	ARN, Protocol, Endpoint, Host, Token string
	Attributes                           map[string]string
}

// put creates or replaces a topic. The caller holds the mutex.
func (s *Service) put(t *topic) {
	s.topics[t.arn] = t
	entry := topicEntry{Attributes: t.attributes, Tags: t.tags, Deleted: t.deleted}
	for _, sub := range t.subscriptions {
		entry.Subscriptions = append(entry.Subscriptions, subscriptionEntry{sub.arn, sub.protocol, sub.endpoint, sub.host, sub.token, sub.attributes})
	}
	s.journal.Put(kindTopic, t.arn, entry)
}

// newMemory returns the memory of a topic.
func (s *Service) newMemory(arn string) *memory {
	m := &memory{}
	m.recent.Forgotten = func(id string) { s.journal.Delete(kindRecent, arn+" "+id) }
	return m
}

type recentEntry struct {
	PublishOutput
	At time.Time
}

// remember records a publication for deduplication. It runs after the deliveries: a message that has not been
// delivered must not make its retry count as a duplicate. The caller holds the memory's mutex.
func (s *Service) remember(t *topic, id string, out *PublishOutput, at time.Time) {
	t.memory.recent.Remember(id, out, at)
	s.journal.Save(
		journal.Change{Kind: kindRecent, Key: t.arn + " " + id, Value: recentEntry{*out, at}},
		journal.Change{Kind: kindSequence, Key: t.arn, Value: t.memory.last},
	)
}

// forget deletes a topic's entries from the journal.
func (s *Service) forget(t *topic) {
	s.journal.Delete(kindTopic, t.arn)
	s.journal.Delete(kindSequence, t.arn)
	t.memory.mu.Lock()
	defer t.memory.mu.Unlock()
	t.memory.recent.Clear()
}

// messageEntry is a message that has yet to be delivered over HTTP.
type messageEntry struct {
	ID, Subscription string
	At               time.Time
	Subject, Text    string
	Structure        map[string]string             `json:",omitempty"`
	Attributes       map[string]delivery.Attribute `json:",omitempty"`
}

func postingKey(sub *subscription, m *message) string { return m.id + " " + sub.arn }

func (s *Service) keepPosting(sub *subscription, m *message) {
	s.journal.Put(kindPosting, postingKey(sub, m), messageEntry{m.id, sub.arn, m.at, m.subject, m.text, m.structure, m.attributes})
}
