// Package bus publishes events: over EventBridge, SNS and a producer's own SQS queue,
// behind one type.
//
// What differs between them is small (package-private drivers: limits, and how one call
// is made) and what must not differ is written once: messages are batched by count and by
// bytes; the result of every entry is read, because these calls succeed while entries fail;
// only the entries that failed are sent again; and nothing counts as published that was
// not accepted by name. One conformance suite holds all drivers to that. Another kind
// of bus is another driver, a line in New and a row in that suite.
//
// A call whose answer was lost is made again, so an event may go out twice. It does so
// under the same id, by which consumers drop what they have seen.
package bus
