// Package invariants holds a troupe at rest against what must be true of it, whatever crashed, repeated or came out of order
// before: every order ended once, money and stock balance, and nothing was lost or made up.
//
// It looks from outside, at the events that were published and at what the services' tables hold, and knows nothing of how
// either is got. Whoever runs a troupe fills in a World and calls Check.
package invariants
