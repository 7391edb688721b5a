package sns

import (
	"slices"
	"strings"

	"example.com/localcloud/journal"
)

// Restore loads the state from a journal and saves every later change there. Call it once, after the resources that
// topics deliver to have been restored. Pending deliveries over HTTP are sent again.
func (s *Service) Restore(j *journal.Journal) error {
	s.journal = j
	for _, load := range []func() error{s.restoreTopics, s.restoreRecent, s.restorePostings} {
		if err := load(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) restoreTopics() error {
	err := journal.Load(s.journal, kindTopic, func(arn string, e topicEntry) error {
		t := &topic{arn: arn, fifo: e.Attributes["FifoTopic"] == "true", attributes: map[string]string{}, tags: e.Tags, deleted: e.Deleted, memory: s.newMemory(arn)}
		for _, known := range e.Subscriptions {
			sub := &subscription{
				arn: known.ARN, topic: arn, protocol: known.Protocol, endpoint: known.Endpoint, host: known.Host, token: known.Token, attributes: known.Attributes,
			}
			if err := sub.parse(); err != nil {
				return err
			}
			t.subscriptions = append(t.subscriptions, sub)
		}
		s.topics[arn] = t
		return t.set(e.Attributes)
	})
	if err != nil {
		return err
	}
	return journal.Load(s.journal, kindSequence, func(arn string, last uint64) error {
		if t := s.topics[arn]; t != nil {
			t.memory.last = last
		}
		return nil
	})
}

func (s *Service) restoreRecent() error {
	type found struct {
		recentEntry
		topic *topic
		id    string
	}
	var all []found
	err := journal.Load(s.journal, kindRecent, func(key string, e recentEntry) error {
		if arn, id, _ := strings.Cut(key, " "); s.topics[arn] != nil {
			all = append(all, found{e, s.topics[arn], id})
		} else {
			s.journal.Delete(kindRecent, key)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b found) int { return a.At.Compare(b.At) })
	for _, f := range all {
		f.topic.memory.recent.Remember(f.id, &f.PublishOutput, f.At)
	}
	return err
}

// restorePostings sends pending deliveries again.
func (s *Service) restorePostings() error {
	for _, t := range s.topics {
		for _, sub := range t.subscriptions {
			if sub.pending() && isHTTP(sub.protocol) {
				s.postConfirmation(sub)
			}
		}
	}
	return journal.Load(s.journal, kindPosting, func(key string, e messageEntry) error {
		if _, sub := s.subscription(e.Subscription); sub != nil {
			m := &message{id: e.ID, topic: sub.topic, at: e.At, subject: e.Subject, text: e.Text, structure: e.Structure, attributes: e.Attributes}
			s.posting.Go(func() { s.postNotification(sub, m) })
		} else {
			s.journal.Delete(kindPosting, key)
		}
		return nil
	})
}
