// Package events is the contract between services: what a fact is, how it
// travels, and where its schema stands.
//
// Each producer has a folder here with one JSON Schema and at least one example
// for every event and major version, and the Go types generated from them:
//
//	events/payments/payment.authorized.v1.schema.json
//	events/payments/payment.authorized.v1.example.json
//	events/payments/events_gen.go        // go generate ./events
//
// This package and the generated ones import nothing but the standard library,
// so that any domain package may import them. Checking a document against its
// schema is in events/schema, sending it in events/bus, reading a service's
// declaration in events/manifest.
package events

//go:generate go run ../scripts/generate
