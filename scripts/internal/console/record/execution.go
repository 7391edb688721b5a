package record

import (
	"encoding/json"
	"time"

	"example.com/troupe/events"
)

// State is how far an execution has come.
type State string

// The states of an execution.
const (
	Running State = "running" // a service has yet to take an event, or is at it
	Waiting State = "waiting" // a service failed for now, and will try again
	Failed  State = "failed"  // an event was dead-lettered, or did not reach a service
	Done    State = "done"    // nothing is left to do, reminders apart
)

// Progress is how far one service has come with one event.
type Progress string

// How far a service has come.
const (
	Ran          Progress = "ran"
	Retrying     Progress = "retrying"      // failed for now
	DeadLettered Progress = "dead-lettered" // failed for good
	Passed       Progress = "skipped"       // its rule or filter did not match
	Refused      Progress = "refused"       // HTTP: the request was not accepted
	Queueing     Progress = "queued"        // not taken yet
	Working      Progress = "working"       // taken, not done
	Scheduled    Progress = "scheduled"     // a reminder that is not due
	Unreachable  Progress = "undelivered"   // it did not reach the queue
)

// Summary is an execution in a line.
type Summary struct {
	ID         string    `json:"id"` // the correlation
	Number     uint64    `json:"number"`
	Subject    string    `json:"subject,omitempty"`
	Began      string    `json:"began"` // with what: a route, or the type of an event
	Last       string    `json:"last,omitempty"`
	StartedAt  time.Time `json:"startedAt"`
	DurationMS float64   `json:"durationMs"`
	State      State     `json:"state"`
	Steps      int       `json:"steps"`
	Retries    int       `json:"retries,omitempty"`
	Skipped    int       `json:"skipped,omitempty"`
	Problem    string    `json:"problem,omitempty"` // of what failed or was refused, the first
}

// Execution is all that is known of one.
type Execution struct {
	Summary
	Payloads bool     `json:"payloads"`          // whether data is shown
	Dropped  int      `json:"dropped,omitempty"` // steps beyond those that are kept
	Events   []*Event `json:"events"`            // what it began with
}

// Event is an event, or a request, and what became of it.
type Event struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"` // "http" for a request
	Channel events.Channel  `json:"channel,omitempty"`
	Due     time.Time       `json:"due,omitzero"`
	Data    json.RawMessage `json:"data,omitempty"`
	Parts   []*Part         `json:"parts"`
}

// Part is what one service made of one event.
type Part struct {
	Key        string        `json:"key"` // unique within the execution
	Service    string        `json:"service"`
	Handler    string        `json:"handler,omitempty"`
	Progress   Progress      `json:"progress"`
	Note       string        `json:"note,omitempty"` // why it is not as wished
	QueuedAt   time.Time     `json:"queuedAt,omitzero"`
	ReceivedAt time.Time     `json:"receivedAt,omitzero"`
	Attempts   []events.Step `json:"attempts"` // in the order of time; what they published is in Published
	Published  []*Event      `json:"published"`
}

// Last returns the last attempt; nil before the first.
func (p *Part) Last() *events.Step {
	if len(p.Attempts) == 0 {
		return nil
	}
	return &p.Attempts[len(p.Attempts)-1]
}
