// Package archive replays what the bus's archive holds.
//
// EventBridge tells of an archive how much it holds, once a day, and neither what nor when. What lies in a range of time is
// therefore counted in the journal beside it: the log group that a rule without a condition fills with the same
// events. It is kept for a time of its own (on AWS 30 days, the archive 60, unless Terraform is told otherwise), and
// events are in either a little after they are on the bus; so a count says how much to expect, and no more.
//
// Only what went over the bus is there: events of the SNS channel, and reminders that a service sends to its own queue, have
// no archive.
package archive
