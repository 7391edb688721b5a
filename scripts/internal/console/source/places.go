package source

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/topology"
)

// places maps the ARNs of hops to what they stand for.
type places struct {
	queues, deadLetters, undelivered map[string]string // to services
	rules                            map[string]rule
	sources                          map[string]bool // the bus and the topics
	outsiders                        []*events.Contract
}

// rule routes one event to one service.
type rule struct{ service, event string }

func newPlaces(t *topology.Topology) *places {
	p := &places{
		queues: map[string]string{}, deadLetters: map[string]string{}, undelivered: map[string]string{},
		rules: map[string]rule{}, sources: map[string]bool{t.Names.BusARN(): true}, outsiders: t.Outsiders,
	}
	for _, topic := range t.Topics {
		p.sources[topic.ARN] = true
	}
	for _, s := range t.Services {
		if s.Queue == nil {
			continue
		}
		p.queues[s.Queue.ARN], p.deadLetters[s.DeadLetters.ARN], p.undelivered[s.Undelivered.ARN] = s.Name, s.Name, s.Name
		for _, r := range s.Rules {
			p.rules[r.ARN] = rule{s.Name, r.Event}
		}
	}
	return p
}

// meaning returns the kind of a hop and its service. The kind is "" if the hop means nothing here. It omits what a
// subscription skips, because the subscription's name doesn't contain the service.
func (p *places) meaning(hop tap.Hop) (kind record.Kind, service string) {
	switch hop.Kind {
	case tap.Published:
		if p.sources[hop.Resource] {
			return record.Published, ""
		}
	case tap.Skipped:
		if r, ours := p.rules[hop.Resource]; ours {
			return record.Skipped, r.service
		}
	case tap.Delivered:
		if service = p.undelivered[hop.Resource]; service != "" {
			return record.Undelivered, service
		}
		return either(record.Queued, p.queues[hop.Resource])
	case tap.Received:
		return either(record.Received, p.queues[hop.Resource])
	case tap.Deleted:
		return either(record.Acknowledged, p.queues[hop.Resource])
	case tap.DeadLettered:
		return either(record.MovedToDLQ, p.deadLetters[hop.Resource])
	case tap.Undelivered:
		return either(record.Undelivered, p.queues[cmp.Or(hop.To, hop.Resource)])
	}
	return "", ""
}

func either(kind record.Kind, service string) (record.Kind, string) {
	if service == "" {
		return "", ""
	}
	return kind, service
}

// cutDelay parses "delayed by 4 s".
func cutDelay(note string) (time.Duration, bool) {
	text, isDelay := strings.CutPrefix(note, "delayed by ")
	seconds, err := strconv.Atoi(strings.TrimSuffix(text, " s"))
	return time.Duration(seconds) * time.Second, isDelay && err == nil
}
