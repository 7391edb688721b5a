// Package logs is CloudWatch Logs: groups, streams and events, in memory and, where there is a journal, kept in it.
// They are searched as they are asked for.
//
// Functions write here (Append), a rule may have a log group for a target (Deliver), and
// any client reads with FilterLogEvents, so that a page made for AWS shows the local
// cloud too.
//
// A group holds its events in one list, ordered by time, because that is how they are read:
// a stream is a label. The list is bounded by MaxGroupBytes: the oldest events are dropped for the
// newest. Retention drops what is older than its days.
//
// Not here: queries of Logs Insights, metric and subscription filters, and resource policies: on AWS a rule may write
// to a group only if one lets it, here to any.
package logs
