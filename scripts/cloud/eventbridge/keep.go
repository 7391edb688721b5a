package eventbridge

import (
	"fmt"
	"time"

	"example.com/localcloud/wire"
)

// The kinds of journal entries.
const (
	kindBus      = "events/bus"      // by name
	kindRule     = "events/rule"     // by bus and name
	kindTags     = "events/tags"     // by ARN
	kindArchive  = "events/archive"  // by name
	kindArchived = "events/archived" // events, by archive and number
	kindReplay   = "events/replay"   // by name
	kindAttempt  = "events/attempt"  // pending retries, by id
)

type busEntry struct {
	Description       string
	Created, Modified time.Time
	Policy            *policy
}

func (s *Service) keepBus(b *bus) {
	s.journal.Put(kindBus, b.name, busEntry{b.description, b.created.Time, b.modified.Time, b.policy})
}

type ruleEntry struct {
	Rule
	Targets []Target
}

// putRule adds a rule to a bus or replaces it.
func (s *Service) putRule(b *bus, r *rule) {
	b.rules[r.Name], b.index = r, nil
	entry := ruleEntry{Rule: r.Rule}
	for _, t := range r.targets {
		entry.Targets = append(entry.Targets, t.Target)
	}
	s.journal.Put(kindRule, r.key(), entry)
}

func (r *rule) key() string { return r.EventBusName + "/" + r.Name }

type archiveEntry struct {
	Source, Description, EventPattern string
	Retention                         int
	Created                           time.Time
	Gone                              letGo `json:",omitzero"`
}

func (a *archive) keep() {
	a.journal.Put(kindArchive, a.name, archiveEntry{a.source, a.description, a.eventPattern, a.retention, a.created.Time, a.gone})
}

// archivedEntry is an event in an archive. Raw is JSON as text, so that the journal stays readable.
type archivedEntry struct {
	ID   string
	Time time.Time
	Raw  string
}

// archivedKey returns the key of an archived event. Keys sort in order of arrival.
func archivedKey(archive string, number uint64) string {
	return fmt.Sprintf("%s/%020d", archive, number)
}

type replayEntry struct {
	Replay
	Description string
	Destination ReplayDestination
	Last        uint64
}

// keepReplay saves the state of a replay. The caller holds the lock.
func (s *Service) keepReplay(r *replay) {
	s.journal.Put(kindReplay, r.ReplayName, replayEntry{r.Replay, r.description, r.destination, r.last})
}

// attemptEntry is a delivery that is being retried, with the error of its last attempt.
type attemptEntry struct {
	EventID, Event, RuleARN string
	Target                  Target
	Body                    []byte
	Started                 time.Time
	Retries                 int
	Code, Message           string
}

func (s *Service) keepAttempt(a *attempt, failure error) {
	if s.journal == nil {
		return
	}
	reason := wire.AsError(failure)
	s.journal.Put(kindAttempt, a.id, attemptEntry{
		a.event.id, string(a.event.raw), a.rule.Arn, a.target.Target, a.body, a.started, a.retries, reason.Code, reason.Message,
	})
}

// keepTags saves all tags of a resource.
func (s *Service) keepTags(arn string) {
	if len(s.tags[arn]) == 0 {
		s.journal.Delete(kindTags, arn)
		return
	}
	s.journal.Put(kindTags, arn, s.tags[arn])
}

// untag removes all tags of a deleted resource.
func (s *Service) untag(arn string) {
	delete(s.tags, arn)
	s.keepTags(arn)
}

func (s *Service) deleteRule(b *bus, r *rule) {
	delete(b.rules, r.Name)
	b.index = nil
	s.journal.Delete(kindRule, r.key())
	s.untag(r.Arn)
}

// deleteArchive deletes an archive and its events.
func (s *Service) deleteArchive(a *archive) {
	delete(s.archives, a.name)
	a.drop(len(a.events))
	s.journal.Delete(kindArchive, a.name)
}
