package logs

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/journal"
)

// eventOverhead is what AWS adds to the length of a message when it computes sizes.
const eventOverhead = 26

type group struct {
	name      string
	created   int64 // Unix milliseconds, as everywhere in this package
	retention int   // days; 0 means indefinitely
	tags      map[string]string
	streams   map[string]*stream
	events    []event // ordered by position
	bytes     int
	gone      letGo
	last      uint64 // the last sequence number assigned
	journal   *journal.Journal
}

type stream struct {
	name    string
	created int64
	first   int64 // timestamps of the first and the last event; 0 if there are none
	latest  int64
	ingest  int64
}

// position orders the events of a group: by time, then by arrival.
type position struct {
	timestamp int64
	sequence  uint64
}

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.timestamp, other.timestamp), cmp.Compare(p.sequence, other.sequence))
}

type event struct {
	position
	stream  string
	ingest  int64
	message string
}

func (e event) size() int { return len(e.message) + eventOverhead }

func (s *Service) newGroup(name string) *group {
	g := &group{name: name, created: now(), streams: map[string]*stream{}, journal: s.journal}
	s.groups[name] = g
	g.keep()
	return g
}

func now() int64 { return time.Now().UnixMilli() }

// ensureStream returns a stream and creates it if it doesn't exist.
func (g *group) ensureStream(name string) *stream {
	s := g.streams[name]
	if s == nil {
		s = &stream{name: name, created: now()}
		g.streams[name] = s
		g.journal.Put(kindStream, g.streamKey(name), streamEntry{s.created})
	}
	return s
}

// add adds an event and returns its size.
func (g *group) add(s *stream, timestamp int64, message string) int {
	g.last++
	e := event{position{timestamp, g.last}, s.name, now(), message}
	g.events = slices.Insert(g.events, find(g.events, e.position, false), e)
	g.bytes += e.size()
	s.record(e)
	g.keepEvent(e)
	g.trim()
	return e.size()
}

// record updates the stream's timestamps for a new event.
func (s *stream) record(e event) {
	if s.first == 0 || e.timestamp < s.first {
		s.first = e.timestamp
	}
	s.latest, s.ingest = max(s.latest, e.timestamp), e.ingest
}

// trim drops the events that exceed the retention.
func (g *group) trim() {
	if g.retention == 0 {
		return
	}
	oldest := time.Now().AddDate(0, 0, -g.retention).UnixMilli()
	n := 0
	for n < len(g.events) && g.events[n].timestamp < oldest {
		n++
	}
	g.drop(n)
	if g.gone.Events > 0 && g.gone.Timestamp < oldest {
		g.gone = letGo{} // nobody expects them any more
		g.keep()
	}
}

// streamsByName returns the streams whose names start with prefix, in order of name.
func (g *group) streamsByName(prefix string) []*stream {
	var streams []*stream
	for name, s := range g.streams {
		if strings.HasPrefix(name, prefix) {
			streams = append(streams, s)
		}
	}
	slices.SortFunc(streams, func(a, b *stream) int { return strings.Compare(a.name, b.name) })
	return streams
}
