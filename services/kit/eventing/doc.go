// Package eventing defines a handler: a function of an event and a unit of work. It
// imports only the standard library and package events, so that domain packages may
// import it.
//
// A handler reads documents of its service's state, by their keys or by an index (Find),
// saves documents, and publishes events. Nothing happens until the unit of work commits,
// and then all of it happens at once (package inbox). An error means "deliver it again",
// unless it is listed with DeadLetter or wrapped in Permanent. Where the business refuses,
// publish an event instead of returning an error.
package eventing
