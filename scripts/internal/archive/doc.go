// Package archive replays events from the bus's archive.
//
// EventBridge only reports the size of an archive, updated once a day, and neither what it holds nor from when. Count
// therefore counts the events of a range in the journal: a log group that receives the same events through a rule
// without a condition. The journal has its own retention (on AWS 30 days by default; the archive keeps 60), and both
// receive events a little after the bus. A count is therefore an estimate.
//
// The archive only holds events that went over the bus. Events of the SNS channel, and reminders that a service sends
// to its own queue, can't be replayed.
package archive
