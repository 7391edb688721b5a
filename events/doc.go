// Package events is the contract between services: what an event is, how it is published, and where its schema is.
//
// Each producer has a folder here, with one JSON Schema and at least one example for every event and major version, and
// the Go types generated from them:
//
//	events/lighthouse/lamp.lit.v1.schema.json
//	events/lighthouse/lamp.lit.v1.example.json
//	events/lighthouse/events_gen.go        // go generate ./events
//
// The folders are the registry: events are listed nowhere else. The schema's keyword x-event names the event's
// producer, its channel, and the member that is its subject. Types with a name in Go are in $defs; those that several
// schemas share are in the $defs of a file defs.json beside them, or money.defs.json, and belong to each schema that
// refers to them.
//
//	"format": "date-time"                            time.Time; other formats are text
//	"type": "number"                                 float64
//	a member that "required" does not list           a pointer, list or map that is nil when absent, so "" is told from it
//	"type": ["string", "null"], required             a pointer that is nil when null
//	"additionalProperties": {…}, no "properties"     map[string]…
//	"oneOf" objects, each with another "const"       a struct of which one member is set
//
// What Go can't hold well is refused at its line, with what to write instead.
//
// An event that ends what was asked for says how, with the member outcome of x-event: "success" if it is done, "failure"
// if it will not be done. The console shows the latest such event as the execution's outcome, by its name:
//
//	"x-event": {"type": "lamp.repaired.v1", "producer": "lighthouse", "channel": "eventbridge", "subject": "lampId", "outcome": "success"}
//
// An event that no service publishes, but an AWS service, a partner or another team, has a source and a detail type in x-event, by
// which it is recognised, and perhaps the bus where it arrives. Its subject may be a JSON pointer. OUTSIDE.md has examples:
//
//	"x-event": {"type": "object.created.v1", "producer": "s3", "channel": "eventbridge", "subject": "/object/key",
//		"source": "aws.s3", "detail-type": "Object Created", "bus": "default"}
//
// "x-personal": true marks a member as personal data, which steps, logs and the console then hide: PERSONAL.md.
//
// No schema of an event sets additionalProperties to false. A producer may add a member within a major version, and
// older consumers must continue to accept the event: they check the members that they know, and ignore others. A
// breaking change (a member that is removed, or changes its meaning) requires a new major version: a new file, whose
// event is published beside the old one until nobody subscribes to the old one: VERSIONS.md has an example, and
// "make contracts" says of each change whom it breaks.
//
// This package and the generated ones only import the standard library, so that any domain package may import them.
// Package events/schema checks documents against schemas, events/bus publishes events, and events/manifest reads a
// service's declaration.
package events

//go:generate go run ../scripts/generate
