// Package invariants checks what must be true of the shop once everything is handled: every order has one end on
// which all services agree, and neither money nor stock is lost or created.
//
// If a story or a test has published events about an order that only a service may publish (such as a charged card),
// the order is only checked against its own document, because the services disagree on purpose.
package invariants
