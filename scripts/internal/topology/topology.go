// Package topology derives the AWS resources that the troupe needs: a pure function of the services' manifests, the
// events' contracts and a few names.
//
// It is the only place in Go that knows how a declaration becomes a bus, queues, rules and permissions. Its result is
// plain data. Package wiring creates it through the AWS API, and a check compares it with Terraform's plan, which
// derives the same resources from the same files.
package topology

import (
	"encoding/json"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// Names are the parts of all resource names.
type Names struct {
	Project string `json:"project"` // "troupe"
	Env     string `json:"env"`     // "local"
	Region  string `json:"region"`
	Account string `json:"account"` // 12 digits
}

// Prefix returns the beginning of every resource name.
func (n Names) Prefix() string { return n.Project + "-" + n.Env }

// Service returns the name that a service's queue, function, table and role share.
func (n Names) Service(service string) string { return n.Prefix() + "-" + service }

// Secrets returns what the names of a service's secrets begin with.
func (n Names) Secrets(service string) string { return n.Prefix() + "/" + service + "/" }

// Topic returns the name of an event's topic.
func (n Names) Topic(event string) string { return n.Prefix() + "-" + dashed(event) }

// Rule returns the name of the rule that routes a type of event to a service.
func (n Names) Rule(service, event string) string { return n.Service(service) + "-" + dashed(event) }

// Forward returns the name of the rule that sends a type of event from outside to the bus.
func (n Names) Forward(event string) string { return n.Prefix() + "-" + dashed(event) }

// ARN returns the ARN of a resource: ARN("sqs", "troupe-local-lighthouse").
func (n Names) ARN(service, resource string) string {
	return strings.Join([]string{"arn", "aws", service, n.Region, n.Account, resource}, ":")
}

// BusARN returns the ARN of the bus.
func (n Names) BusARN() string { return n.ARN("events", "event-bus/"+n.Prefix()) }

func (n Names) ruleARN(rule string) string { return n.ARN("events", "rule/"+n.Prefix()+"/"+rule) }

// roleARN returns the ARN of a role, which contains no region.
func (n Names) roleARN(role string) string { return "arn:aws:iam::" + n.Account + ":role/" + role }

func dashed(event string) string { return strings.ReplaceAll(event, ".", "-") }

// Topology is everything that the troupe needs on AWS. Slices are sorted by name.
type Topology struct {
	Names    Names     `json:"names"`
	Bus      string    `json:"bus"`
	Archive  Archive   `json:"archive"`
	Journal  Journal   `json:"journal"`
	Topics   []Topic   `json:"topics"`
	Services []Service `json:"services"`
	Routes   []Route   `json:"routes"`
	Outside  *Outside  `json:"outside,omitempty"`

	// Outsiders are the contracts by which events from outside are recognised.
	Outsiders []*events.Contract `json:"-"`
}

// Archive keeps the bus's events for replays.
type Archive struct {
	Name          string `json:"name"`
	ARN           string `json:"arn"`
	RetentionDays int    `json:"retentionDays"`
}

// Journal is a log group that receives all of the bus's events, because an archive can't be read.
type Journal struct {
	Rule     string          `json:"rule"` // name
	Pattern  json.RawMessage `json:"pattern"`
	LogGroup string          `json:"logGroup"`
	ARN      string          `json:"arn"` // of the log group

	// Hiding routes the events with personal data, of which only the metadata is logged; nil if there are none.
	Hiding *Hiding `json:"hiding,omitempty"`
}

// Hiding is a rule whose target receives the metadata of events only.
type Hiding struct {
	Rule     string            `json:"rule"` // name
	Pattern  json.RawMessage   `json:"pattern"`
	Paths    map[string]string `json:"paths"`    // of the input transformer: JSON paths by placeholder
	Template string            `json:"template"` // of the input transformer
}

// Topic is the SNS topic of one event.
type Topic struct {
	Name  string `json:"name"`
	ARN   string `json:"arn"`
	Event string `json:"event"`
}

// Route is a route of the HTTP API, and the service that answers it.
type Route struct {
	Key     string `json:"key"` // "GET /lamps/{id}"
	Service string `json:"service"`
}

// Service is everything that one service needs.
type Service struct {
	Name          string            `json:"name"`
	Runtime       manifest.Runtime  `json:"runtime"`
	Queue         *Queue            `json:"queue,omitempty"`
	DeadLetters   *Queue            `json:"deadLetters,omitempty"` // messages that the service failed to handle
	Undelivered   *Queue            `json:"undelivered,omitempty"` // events that didn't reach its queue
	Rules         []Rule            `json:"rules,omitempty"`
	Subscriptions []Subscription    `json:"subscriptions,omitempty"`
	Table         *Table            `json:"table,omitempty"`
	Function      *Function         `json:"function,omitempty"`
	Mapping       *Mapping          `json:"mapping,omitempty"`
	Role          Role              `json:"role"`
	Scheduling    *Scheduling       `json:"scheduling,omitempty"` // if it has schedules, or reminders
	LogGroup      string            `json:"logGroup"`
	HTTP          bool              `json:"http,omitempty"` // it has routes
	SQL           bool              `json:"sql,omitempty"`  // it needs DATABASE_URL
	Environment   map[string]string `json:"environment"`    // without what only the endpoint knows: the queues' URLs
}
