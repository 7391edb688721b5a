// Package bus publishes events over EventBridge, SNS and a producer's own SQS queue, behind one type.
//
// Small package-private drivers contain the differences: limits, and how a call is made. What must not differ is
// written once: messages are batched by number and by bytes; the result of every entry is checked, because these
// calls succeed even if entries fail; only failed entries are sent again; and only an entry that was explicitly
// accepted counts as published. One conformance suite checks this for all drivers. Another kind of bus needs another
// driver, a line in New and a row in the suite.
//
// A call whose response was lost is repeated, so an event may be published twice. Both have the same ID, by which
// consumers detect the duplicate.
package bus
