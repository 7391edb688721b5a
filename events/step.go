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
	Repeated     Outcome = "repeated"      // it had been handled before; the original events were published again
	Retried      Outcome = "retried"       // it failed and will be redelivered
	DeadLettered Outcome = "dead-lettered" // it failed permanently and was sent to the dead-letter queue
	Refused      Outcome = "refused"       // for HTTP: the request was not accepted (4xx)
)

// StepMessage is the message of the log line that contains a Step under the key "step". These lines, together with
// the bus's own events, are enough to draw any execution.
const StepMessage = "step"

// Step describes what one service did with one message or request.
type Step struct {
	Service       string      `json:"service"`
	Handler       string      `json:"handler"`           // for display: "Lamps.Light", "POST /lamps"
	EventID       string      `json:"eventId"`           // of the handled event; for an HTTP request, derived from its key
	EventType     string      `json:"eventType"`         // "lamp.lit.v1"; "http" for a request
	Subject       string      `json:"subject,omitempty"` // the aggregate's ID
	CorrelationID string      `json:"correlationId"`
	CausationID   string      `json:"causationId,omitempty"`
	Attempt       int         `json:"attempt"` // 1 for the first delivery
	StartedAt     time.Time   `json:"startedAt"`
	WaitedMS      float64     `json:"waitedMs,omitempty"` // of a first delivery: since the message was sent, a reminder's delay included; of a request in Lambda: since the API had it
	ClockMS       float64     `json:"clockMs,omitempty"`  // how far this process's clock is behind the queue's; WaitedMS is then unknown
	DurationMS    float64     `json:"durationMs"`
	PublishMS     float64     `json:"publishMs,omitempty"` // part of DurationMS
	Cold          bool        `json:"cold,omitempty"`      // the first step of its process
	ColdMS        float64     `json:"coldMs,omitempty"`    // part of WaitedMS in which the process was starting
	Outcome       Outcome     `json:"outcome"`
	Published     []Published `json:"published,omitempty"`
	Cancelled     []string    `json:"cancelled,omitempty"` // IDs of reminders that it cancelled
	Error         string      `json:"error,omitempty"`
	Reason        string      `json:"reason,omitempty"`  // why it was dead-lettered or refused, in a few words
	RetryMS       float64     `json:"retryMs,omitempty"` // delay until redelivery
	Status        int         `json:"status,omitempty"`  // for HTTP

	// Payloads, if TRACE_PAYLOADS is on.
	In      json.RawMessage `json:"in,omitempty"`
	Out     json.RawMessage `json:"out,omitempty"` // for HTTP: the response's body
	Changes []StateChange   `json:"changes,omitempty"`
}

// Published is an event that a step published.
type Published struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Channel Channel         `json:"channel"`
	Due     time.Time       `json:"due,omitzero"`
	Data    json.RawMessage `json:"data,omitempty"` // if TRACE_PAYLOADS is on
}

// StateChange is a step's change of one document of its service's state.
type StateChange struct {
	Key    string          `json:"key"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}
