package record

import (
	"encoding/json"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/trace"
)

// State is the state of an execution.
type State string

// The states of an execution.
const (
	Running  State = "running" // a service is handling an event or will receive one
	Waiting  State = "waiting" // a service failed and will retry
	Failed   State = "failed"  // an event was dead-lettered, or did not reach a service
	Done     State = "done"    // nothing is left to do, except for reminders
	Rejected State = "refused" // the request was not accepted, and nothing followed from it
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
	Retries    int       `json:"retries,omitempty"` // attempts after one that failed
	Repeats    int       `json:"repeats,omitempty"` // deliveries and requests that had had their effect before
	Skipped    int       `json:"skipped,omitempty"`
	Problem    string    `json:"problem,omitempty"` // of the first failure, or of the refusal
	Status     int       `json:"status,omitempty"`  // of the answer, if it began with a request

	Outcome schema.Outcome `json:"outcome,omitempty"` // according to the latest event whose contract names one
	Ended   string         `json:"ended,omitempty"`   // the events with that outcome: "lamp repaired"
	Related int            `json:"related,omitempty"` // number of other executions about the same subject
}

// Execution is everything known about an execution.
type Execution struct {
	Summary
	Payloads bool     `json:"payloads"`           // data is shown
	Dropped  int      `json:"dropped,omitempty"`  // number of steps beyond the limit
	Unlisted int      `json:"unlisted,omitempty"` // number of log lines beyond the limit
	Events   []*Event `json:"events"`             // the events that began it

	Relatives []Summary `json:"relatives,omitempty"` // the newest other executions about the same subject
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
	Attempts   []events.Step `json:"attempts"`           // in order of time; their published events are in Published
	Times      []Times       `json:"times,omitempty"`    // of the attempts
	Repeats    []events.Step `json:"repeats,omitempty"`  // duplicates, replays and requests with a used key: without effect
	Lines      []trace.Line  `json:"lines,omitempty"`    // what its handler logged
	Critical   bool          `json:"critical,omitempty"` // on the path that decided when the execution ended
	Published  []*Event      `json:"published"`
}

// Times is where the time before an attempt went.
type Times struct {
	BackoffMS float64 `json:"backoffMs,omitempty"` // hidden after the attempt before it failed
	QueueMS   float64 `json:"queueMs,omitempty"`   // in the queue
	ColdMS    float64 `json:"coldMs,omitempty"`    // until its process had started
	Note      string  `json:"note,omitempty"`      // why some of it is unknown
}

// Last returns the last attempt, or nil if there was none.
func (p *Part) Last() *events.Step {
	if len(p.Attempts) == 0 {
		return nil
	}
	return &p.Attempts[len(p.Attempts)-1]
}
