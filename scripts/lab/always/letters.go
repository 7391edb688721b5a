package always

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"example.com/troupe/events"
)

// Expected is a dead letter that a story announces.
type Expected struct {
	Service string
	Reason  string // "" means any
}

// Letter is a message in a dead-letter queue.
type Letter struct {
	Service string
	Body    string
	Reason  string // "" if it was received too often
	Error   string
}

// badContract is the reason with which the kit dead-letters an event that breaks its contract.
const badContract = "bad-contract"

// DeadLetter records a message that was taken from a service's dead-letter queue. It is a violation if it isn't
// expected there.
func (l *Log) DeadLetter(letter Letter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	about := eventIn(letter.Body).Metadata
	if l.letters[letter.Service] == nil {
		l.letters[letter.Service] = map[string]bool{}
	}
	l.letters[letter.Service][about.ID] = true
	if poison, known := l.poison[about.ID]; known && slices.Contains(poison.Subscribers, letter.Service) && letter.Reason == badContract {
		return
	}
	if slices.ContainsFunc(l.expected[about.CorrelationID], func(e Expected) bool {
		return e.Service == letter.Service && (e.Reason == "" || e.Reason == letter.Reason)
	}) {
		return
	}
	l.wrong("only poison ends in a dead-letter queue", about.Subject, "%s of %s: reason %q: %s", about.Type, letter.Service, letter.Reason, letter.Error)
}

// eventIn returns the event in a message's body, which EventBridge may have wrapped, or which comes from outside.
func eventIn(body string) (e events.Envelope) {
	if outside, err := events.Decode([]byte(body)); errors.Is(err, events.ErrUndeclared) {
		return outside // under EventBridge's ID, which is its own
	}
	var outer struct{ Detail json.RawMessage }
	if _ = json.Unmarshal([]byte(body), &outer); outer.Detail != nil {
		body = string(outer.Detail)
	}
	_ = json.Unmarshal([]byte(body), &e) // as much as could be decoded
	return e
}

// CheckPoison reports poison that was in no dead-letter queue. Call it after these were emptied.
func (l *Log) CheckPoison() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(l.poison)) {
		for _, service := range l.poison[id].Sure {
			if !l.letters[service][id] {
				l.wrong("poison is dead-lettered", "", "%s %s is not in the dead-letter queue of %s", l.poison[id].Message.Envelope.Metadata.Type, id, service)
			}
		}
	}
}
