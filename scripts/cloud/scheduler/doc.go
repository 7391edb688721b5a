// Package scheduler implements Amazon EventBridge Scheduler: schedules, which invoke a target at the times that an
// expression names, and the groups that they belong to. Package expression reads the expressions.
//
// A target is a queue, a bus, a topic or a function. The target's role must trust Scheduler and allow the action, both
// when the schedule is saved and whenever it runs; the target's own policy isn't asked, as on AWS for a role of the same
// account.
//
// AWS invokes within the minute. Here a schedule runs at its second, also one with a flexible time window, which would
// let AWS wait. A failed invocation is retried in the background according to the retry policy, and then goes to the
// dead-letter queue with AWS's attributes. A missing permission or target sends it there at once.
//
// AWS accepts an at(…) that has passed (LocalStack's test_create_schedule_with_valid_schedule_expression, recorded on
// AWS), but doesn't document whether it runs. Here it does if it is in AWS's precision of one minute, and otherwise never.
//
// If the process was not running at the time of a schedule, the schedule runs when the process starts again: once, however
// many of its times have passed, and with the latest of them. What is older than the retry policy's maximum age goes to
// the dead-letter queue. AWS, which is always running, would have invoked each time.
//
// Not supported: universal targets, targets in other services, customer managed keys, and the rates of requests and
// invocations at which AWS throttles. Schedules and groups are deleted at once.
package scheduler
