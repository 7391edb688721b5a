// Package eventing is what a handler is: a function of an event and a unit of
// work. It knows no AWS, no SQL and no wire, and imports only the standard
// library and events, so that domain packages may import it.
//
// A handler reads documents of its service's state, saves some, and publishes
// events; nothing happens before the unit of work is committed, and then all of it
// happens at once (package inbox). An error means "deliver it again", unless
// it is listed in Park or wrapped in Permanent. A refusal that the business knows is
// no error but an event.
package eventing
