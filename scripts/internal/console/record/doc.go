// Package record keeps what was seen of a troupe, within bounds, and makes of it
// what a person asks for: executions, newest first, and one execution as a whole.
//
// Two things are seen. A step is what a service logs about one message: it is all that there is on
// AWS, and enough. A hop is what the local cloud's tap adds: that a message waits in a queue, that
// a rule let it pass. What neither shows follows from what services declare: who should have taken an event,
// and which field kept it from them.
package record
