// Package logs implements CloudWatch Logs: groups, streams and events, in memory, which a journal can make durable. A
// search scans the events when it is requested.
//
// Functions write through Append, a rule can have a log group as its target (Deliver), and any client can read with
// FilterLogEvents. So a tool made for AWS also works with the local cloud.
//
// A group holds its events in a single list in order of time, because that is how they are read. A stream is just a
// label. Retention drops events older than its number of days. MaxBytes limits all groups together: the largest group
// lets go of its oldest events. Where they were, a reader finds a note, an event of the stream "local cloud: note",
// whatever stream or pattern it asked for; what is let go is deleted from the journal, too.
//
// Not supported: Logs Insights queries, metric and subscription filters, and resource policies. On AWS, a rule needs
// such a policy to write to a group; here it may write to any.
package logs
