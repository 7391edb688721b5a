package events

import (
	"encoding/json"
	"time"
)

// Outcome is how the handling of one message, or one HTTP request, ended.
type Outcome string

// The outcomes.
const (
	Handled      Outcome = "handled"       // its effect was committed and its events were published
	Repeated     Outcome = "repeated"      // it had been handled before: the original events were published again
	Retried      Outcome = "retried"       // it failed for now and will be delivered again
	DeadLettered Outcome = "dead-lettered" // it failed for good and went to the dead-letter queue
	Refused      Outcome = "refused"       // HTTP only: the request was not accepted (4xx)
)

// StepMessage is the message of the log line that carries a Step under the key
// "step". Together with the bus's own events these lines are enough to draw any
// execution.
const StepMessage = "step"

// Step tells what one service did with one message or request.
type Step struct {
	Service       string      `json:"service"`
	Handler       string      `json:"handler"`           // for people: "Lamps.Light", "POST /lamps"
	EventID       string      `json:"eventId"`           // of what was handled; an HTTP request's is derived from its key
	EventType     string      `json:"eventType"`         // "lamp.lit.v1"; "http" for a request
	Subject       string      `json:"subject,omitempty"` // the aggregate
	CorrelationID string      `json:"correlationId"`
	CausationID   string      `json:"causationId,omitempty"`
	Attempt       int         `json:"attempt"` // 1 for the first delivery
	StartedAt     time.Time   `json:"startedAt"`
	WaitedMS      float64     `json:"waitedMs,omitempty"` // from the event's publication to the start
	DurationMS    float64     `json:"durationMs"`
	PublishMS     float64     `json:"publishMs,omitempty"` // of DurationMS, spent publishing
	Cold          bool        `json:"cold,omitempty"`      // the first of its process
	ColdMS        float64     `json:"coldMs,omitempty"`    // of WaitedMS, while the process was starting
	Outcome       Outcome     `json:"outcome"`
	Published     []Published `json:"published,omitempty"`
	Error         string      `json:"error,omitempty"`
	Reason        string      `json:"reason,omitempty"`  // why it was dead-lettered, in a word or two
	RetryMS       float64     `json:"retryMs,omitempty"` // delivered again after
	Status        int         `json:"status,omitempty"`  // HTTP only

	// Payloads, where TRACE_PAYLOADS is on.
	In      json.RawMessage `json:"in,omitempty"`
	Out     json.RawMessage `json:"out,omitempty"` // HTTP only: the response's body
	Changes []StateChange   `json:"changes,omitempty"`
}

// Published is an event that a step published.
type Published struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Channel Channel         `json:"channel"`
	Due     time.Time       `json:"due,omitzero"`
	Data    json.RawMessage `json:"data,omitempty"` // where TRACE_PAYLOADS is on
}

// StateChange is what a step did to one document of its service's state.
type StateChange struct {
	Key    string          `json:"key"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}
