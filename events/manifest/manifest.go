// Package manifest reads service.json, the one place where a service's wiring is
// written: what it subscribes to and publishes, how it runs, and what it keeps.
//
// A service's binary embeds it and refuses to start where its handlers disagree;
// scripts and Terraform build queues, rules and permissions from it. Its JSON Schema
// lies here, so that editors complete it. Unlike an event's, it is closed: nobody
// but us writes manifests, and a typo must not pass for a member that is newer.
package manifest

import (
	"encoding/json"
	"slices"
)

// Runtime is what starts a service's code.
type Runtime string

// The runtimes.
const (
	Lambda Runtime = "lambda" // a function that its queue and API invoke
	Worker Runtime = "worker" // a process that polls its queue
)

// Store is where a service keeps its state.
type Store string

// The stores.
const (
	DynamoDB Store = "dynamodb"
	SQL      Store = "sql"
	None     Store = "none"
)

// Manifest is a service's declaration, with every default filled in.
type Manifest struct {
	Name           string            `json:"name"`
	Description    string            `json:"description"`
	Owner          string            `json:"owner"` // the team to ask, "@acme/booking"; "" where nobody is named
	Runtime        Runtime           `json:"runtime"`
	HTTP           []string          `json:"http"` // "POST /lamps"
	Subscribes     []Subscription    `json:"subscribes"`
	Publishes      []string          `json:"publishes"` // types of events
	Schedules      []Schedule        `json:"schedules"`
	Queue          Queue             `json:"queue"`
	Rate           float64           `json:"rate"` // messages a second, worker only; 0 is no limit
	TimeoutSeconds int               `json:"timeout_seconds"`
	MemoryMB       int               `json:"memory_mb"`
	Store          Store             `json:"store"`
	Indexes        []string          `json:"indexes"` // names of what documents are found by
	Config         map[string]string `json:"config"`  // settings: environment variables with their defaults
	Secrets        map[string]string `json:"secrets"` // their names, with what stands in for them locally
	Permissions    []Permission      `json:"permissions"`
	Personal       []string          `json:"personal"` // names of members of its own documents, requests and responses

	file   string // where it was read, for Verify
	source []byte
}

// Subscription is one type of event that a service subscribes to.
type Subscription struct {
	Event string          `json:"event"` // "lamp.lit.v1"
	Where json.RawMessage `json:"where"` // an event pattern relative to the envelope; nil is all of them
}

// Permission is what a service may do on AWS beside what Troupe itself needs.
type Permission struct {
	Actions   []string `json:"actions"`   // "s3:GetObject"
	Resources []string `json:"resources"` // ARNs with placeholders, as service.schema.json lists them
}

// Queue is how a service's messages are received.
type Queue struct {
	VisibilitySeconds int `json:"visibility_seconds"`
	MaxReceives       int `json:"max_receives"`
	Concurrency       int `json:"concurrency"`   // messages at a time, of one process or function instance
	MaxFunctions      int `json:"max_functions"` // function instances at a time; lambda only
	Batch             int `json:"batch"`
	WindowSeconds     int `json:"window_seconds"` // lambda only

	// AcceptableDelaySeconds is how long a message may wait: workers are added, and an alarm is
	// raised, by it. It promises nothing.
	AcceptableDelaySeconds int `json:"acceptable_delay_seconds"`
}

// defaults returns a manifest with the defaults that service.schema.json documents.
func defaults() Manifest {
	return Manifest{
		Queue:          Queue{VisibilitySeconds: 60, MaxReceives: 20, Concurrency: 10, Batch: 10, AcceptableDelaySeconds: 60},
		TimeoutSeconds: 10,
		MemoryMB:       256,
		Store:          None,
	}
}

// SubscribesTo reports whether the service subscribes to events of the type.
func (m *Manifest) SubscribesTo(eventType string) bool {
	return slices.ContainsFunc(m.Subscribes, func(s Subscription) bool { return s.Event == eventType })
}

// MayPublish reports whether the service may publish events of the type.
func (m *Manifest) MayPublish(eventType string) bool { return slices.Contains(m.Publishes, eventType) }

// HasQueue reports whether the service has a queue: whether it subscribes to anything.
func (m *Manifest) HasQueue() bool { return len(m.Subscribes) > 0 }
