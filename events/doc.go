// Package events is the contract between services: what an event is, how it
// travels, and where its schema stands.
//
// Each producer has a folder here with one JSON Schema and at least one example
// for every event and major version, and the Go types generated from them:
//
//	events/lighthouse/lamp.lit.v1.schema.json
//	events/lighthouse/lamp.lit.v1.example.json
//	events/lighthouse/events_gen.go        // go generate ./events
//
// A folder is the registry: nothing else lists its events. The schema's own keyword
// x-event says who publishes the event, on which channel it goes out and which member is
// its subject; the types that have a name in Go stand in $defs.
//
// No schema of an event says additionalProperties: false. A producer may add a member
// within a major version, and consumers that were built before must go on taking it:
// they check what they know, and drop the rest. What breaks them (a member that goes, or
// changes its meaning) is a new major version: a new file, stated beside the old one
// until nobody subscribes to that.
//
// This package and the generated ones import nothing but the standard library,
// so that any domain package may import them. Checking a document against its
// schema is in events/schema, sending it in events/bus, reading a service's
// declaration in events/manifest.
package events

//go:generate go run ../scripts/generate
