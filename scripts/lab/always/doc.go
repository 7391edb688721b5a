// Package always checks what must hold for any system: an event ID has one content; each event has a known cause, and
// an ID that derives from it; a request has one response; and a message is only dead-lettered if no service can
// handle it, with the reason.
//
// It observes the system from outside: the events that were accepted, and the responses. The invariants of a domain
// are checked by services/invariants on the World that a Log returns.
package always
