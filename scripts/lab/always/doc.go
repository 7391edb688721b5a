// Package always checks what must hold for any system, whatever it is about: an event's id has one content, each event has a
// cause that was seen and an id that follows from it, a request has one answer, and only what no service can handle is
// dead-lettered, with its reason.
//
// It looks from outside: at what was accepted on the wire, and at answers. What must hold in a domain is checked by
// services/invariants, on the World that a Log returns.
package always
