package eventbridge

import (
	"context"
	"slices"
	"strings"

	"example.com/localcloud/journal"
	"example.com/localcloud/wire"
)

// failed is the state of a replay whose bus or archive no longer exists.
const failed = "FAILED"

// Restore loads the state from a journal and saves every later change there. Call it once, after all targets have
// been restored: pending retries and replays resume at once.
func (s *Service) Restore(j *journal.Journal) error {
	s.journal = j
	for _, load := range []func() error{
		s.restoreBuses, s.restoreRules, s.restoreTags, s.restoreArchives, s.restoreArchived, s.restoreAttempts, s.restoreReplays,
	} {
		if err := load(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) restoreBuses() error {
	return journal.Load(s.journal, kindBus, func(name string, e busEntry) error {
		b := newBus(name, e.Description)
		b.created, b.modified, b.policy = Time{e.Created}, Time{e.Modified}, e.Policy
		s.buses[name] = b
		return nil
	})
}

func (s *Service) restoreRules() error {
	return journal.Load(s.journal, kindRule, func(_ string, e ruleEntry) error {
		b, err := s.bus(e.EventBusName)
		if err != nil {
			return err
		}
		r := &rule{Rule: e.Rule}
		if r.pattern, err = compile(e.EventPattern); err != nil {
			return err
		}
		for _, t := range e.Targets {
			checked, err := newTarget(t)
			if err != nil {
				return err
			}
			r.targets = append(r.targets, checked)
		}
		b.rules[r.Name] = r
		return nil
	})
}

func (s *Service) restoreTags() error {
	return journal.Load(s.journal, kindTags, func(arn string, tags map[string]string) error {
		s.tags[arn] = tags
		return nil
	})
}

func (s *Service) restoreArchives() error {
	return journal.Load(s.journal, kindArchive, func(name string, e archiveEntry) error {
		a := &archive{
			name: name, source: e.Source, description: e.Description, retention: e.Retention, created: Time{e.Created},
			journal: s.journal, budget: s.ArchiveBytes, gone: e.Gone,
		}
		s.archives[name] = a
		return a.setPattern(e.EventPattern)
	})
}

func (s *Service) restoreArchived() error {
	err := journal.Load(s.journal, kindArchived, func(key string, e archivedEntry) error {
		name, number, _ := strings.Cut(key, "/")
		if a := s.archives[name]; a != nil {
			return a.restore(number, e)
		}
		return notFound("Archive %s does not exist.", name)
	})
	for _, a := range s.archives {
		a.trim() // the folder may hold more than the budget of this version
	}
	return err
}

func (s *Service) restoreAttempts() error {
	return journal.Load(s.journal, kindAttempt, func(id string, e attemptEntry) error {
		a := &attempt{
			id: id, event: &event{id: e.EventID, raw: []byte(e.Event)}, rule: &rule{Rule: Rule{Arn: e.RuleARN}}, target: &target{Target: e.Target},
			body: e.Body, started: e.Started, retries: e.Retries,
		}
		s.retrying <- struct{}{} // cannot block: there were no more of them before
		s.retryInBackground(context.WithoutCancel(s.closing), a, &wire.Error{Code: e.Code, Message: e.Message})
		return nil
	})
}

func (s *Service) restoreReplays() error {
	return journal.Load(s.journal, kindReplay, func(name string, e replayEntry) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		r := &replay{e.Replay, e.Description, e.Destination, e.Last}
		s.replays[name] = r
		switch r.State {
		case starting, running:
			s.resume(r)
		case cancelling:
			s.end(r, cancelled)
		}
		return nil
	})
}

// resume continues a replay from the last event that was replayed, which may be published twice. The caller holds the
// lock.
func (s *Service) resume(r *replay) {
	b, err := s.bus(r.destination.Arn)
	a := s.archives[archiveOf(r.EventSourceArn)]
	if err != nil || a == nil {
		s.end(r, failed)
		return
	}
	events := a.between(r.EventStartTime.Time, r.EventEndTime.Time)
	if at := slices.IndexFunc(events, func(e archived) bool { return e.number == r.last }); at > 0 {
		events = events[at:]
	}
	s.background.Go(func() { s.run(r, b, events) })
}
