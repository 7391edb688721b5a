package record

import (
	"encoding/json"
	"time"

	"example.com/troupe/events"
)

// State is the state of an execution.
type State string

// The states of an execution.
const (
	Running State = "running" // a service is handling an event or will receive one
	Waiting State = "waiting" // a service failed and will retry
	Failed  State = "failed"  // an event was dead-lettered, or did not reach a service
	Done    State = "done"    // nothing is left to do, except for reminders
)

// Progress is the state of one event at one service.
type Progress string

// The states of an event at a service.
const (
	Ran          Progress = "ran"
	Retrying     Progress = "retrying"      // failed, will be retried
	DeadLettered Progress = "dead-lettered" // failed permanently
	Passed       Progress = "skipped"       // its rule or filter did not match
	Refused      Progress = "refused"       // HTTP: the request was not accepted
	Queueing     Progress = "queued"        // not received yet
	Working      Progress = "working"       // received, not completed
	Scheduled    Progress = "scheduled"     // a reminder that isn't due yet
	Unreachable  Progress = "undelivered"   // it didn't reach the queue
)

// Summary is the summary of an execution.
type Summary struct {
	ID         string    `json:"id"` // the correlation ID
	Number     uint64    `json:"number"`
	Subject    string    `json:"subject,omitempty"`
	Began      string    `json:"began"` // what it began with: a route, or an event type
	Last       string    `json:"last,omitempty"`
	StartedAt  time.Time `json:"startedAt"`
	DurationMS float64   `json:"durationMs"`
	State      State     `json:"state"`
	Steps      int       `json:"steps"`
	Retries    int       `json:"retries,omitempty"`
	Skipped    int       `json:"skipped,omitempty"`
	Problem    string    `json:"problem,omitempty"` // of the first failure or refusal
}

// Execution is everything known about an execution.
type Execution struct {
	Summary
	Payloads bool     `json:"payloads"`          // data is shown
	Dropped  int      `json:"dropped,omitempty"` // number of steps beyond the limit
	Events   []*Event `json:"events"`            // the events that began it
}

// Event is an event or a request, with what services did with it.
type Event struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"` // "http" for a request
	Channel events.Channel  `json:"channel,omitempty"`
	Due     time.Time       `json:"due,omitzero"`
	Data    json.RawMessage `json:"data,omitempty"`
	Parts   []*Part         `json:"parts"`
}

// Part is what one service did with one event.
type Part struct {
	Key        string        `json:"key"` // unique within the execution
	Service    string        `json:"service"`
	Handler    string        `json:"handler,omitempty"`
	Progress   Progress      `json:"progress"`
	Note       string        `json:"note,omitempty"` // why it failed or was skipped
	QueuedAt   time.Time     `json:"queuedAt,omitzero"`
	ReceivedAt time.Time     `json:"receivedAt,omitzero"`
	Attempts   []events.Step `json:"attempts"` // in order of time; their published events are in Published
	Published  []*Event      `json:"published"`
}

// Last returns the last attempt, or nil if there was none.
func (p *Part) Last() *events.Step {
	if len(p.Attempts) == 0 {
		return nil
	}
	return &p.Attempts[len(p.Attempts)-1]
}
