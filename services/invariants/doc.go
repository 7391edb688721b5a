// Package invariants holds what must be true of the shop when nothing moves any more: every order has one end, which all
// services agree on, and neither money nor stock is lost or made up.
//
// Orders about which a story or a test has published what only a service knows (that a card was charged, for one) are
// compared with nothing but their own document: for them the services disagree on purpose.
package invariants
