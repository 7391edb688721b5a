// Package logs implements CloudWatch Logs: groups, streams and events, in memory, which a journal can make durable. A
// search scans the events when it is requested.
//
// Functions write through Append, a rule can have a log group as its target (Deliver), and any client can read with
// FilterLogEvents. So a tool made for AWS also works with the local cloud.
//
// A group holds its events in a single list in order of time, because that is how they are read. A stream is just a
// label. MaxGroupBytes limits the list: new events push out the oldest. Retention drops events older than its number
// of days.
//
// Not supported: Logs Insights queries, metric and subscription filters, and resource policies. On AWS, a rule needs
// such a policy to write to a group; here it may write to any.
package logs
