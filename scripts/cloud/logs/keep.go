package logs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/localcloud/journal"
)

// The kinds of journal entries. Names may contain anything but separator.
const (
	kindGroup  = "logs/group"  // by name
	kindStream = "logs/stream" // by group and name
	kindEvent  = "logs/event"  // by group and sequence number

	separator = "\x00"
)

type groupEntry struct {
	Created   int64
	Retention int
	Gone      letGo `json:",omitzero"`
}

func (g *group) keep() {
	g.journal.Put(kindGroup, g.name, groupEntry{g.created, g.retention, g.gone})
}

// streamEntry is a stream without what can be derived from its events.
type streamEntry struct{ Created int64 }

type eventEntry struct {
	Stream            string
	Timestamp, Ingest int64
	Message           string
}

func (g *group) streamKey(name string) string { return g.name + separator + name }

// eventKey returns the key of an event. Keys sort as sequence numbers do.
func (g *group) eventKey(sequence uint64) string {
	return fmt.Sprintf("%s%s%020d", g.name, separator, sequence)
}

func (g *group) keepEvent(e event) {
	if g.journal != nil {
		g.journal.Put(kindEvent, g.eventKey(e.sequence), eventEntry{e.stream, e.timestamp, e.ingest, e.message})
	}
}

func (g *group) forgetEvents(events []event) {
	if g.journal == nil {
		return
	}
	for _, e := range events {
		g.journal.Delete(kindEvent, g.eventKey(e.sequence))
	}
}

// forget deletes a group from the journal.
func (g *group) forget() {
	g.forgetEvents(g.events)
	for name := range g.streams {
		g.journal.Delete(kindStream, g.streamKey(name))
	}
	g.journal.Delete(kindGroup, g.name)
}

// Restore loads the state from a journal and saves every later change there. Call it once, before anything else.
func (s *Service) Restore(j *journal.Journal) error {
	s.journal = j
	err := journal.Load(j, kindGroup, func(name string, e groupEntry) error {
		s.groups[name] = &group{name: name, created: e.Created, retention: e.Retention, gone: e.Gone, last: e.Gone.Sequence, streams: map[string]*stream{}, journal: j}
		return nil
	})
	if err == nil {
		err = journal.Load(j, kindTags, func(name string, tags map[string]string) error {
			g, err := s.group(name)
			if err == nil {
				g.tags = tags
			}
			return err
		})
	}
	if err == nil {
		err = journal.Load(j, kindStream, func(key string, e streamEntry) error {
			of, name, _ := strings.Cut(key, separator)
			g, err := s.group(of)
			if err == nil {
				g.streams[name] = &stream{name: name, created: e.Created}
			}
			return err
		})
	}
	if err == nil {
		err = journal.Load(j, kindEvent, s.restoreEvent)
	}
	for _, g := range s.groups {
		slices.SortFunc(g.events, func(a, b event) int { return a.compare(b.position) })
	}
	s.makeRoom() // the folder may hold more than the budget of this version
	return err
}

func (s *Service) restoreEvent(key string, e eventEntry) error {
	of, number, _ := strings.Cut(key, separator)
	sequence, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return err
	}
	g, err := s.stream(of, e.Stream)
	if err != nil {
		return err
	}
	made := event{position{e.Timestamp, sequence}, e.Stream, e.Ingest, e.Message}
	g.events, g.last = append(g.events, made), sequence
	g.bytes += made.size()
	g.streams[e.Stream].record(made)
	return nil
}
