// Package eventbridge implements Amazon EventBridge: buses, rules, targets, archives and replays.
//
// PutEvents delivers to local targets before it returns, so a queue already holds the message when the publisher
// continues. AWS only promises to deliver soon. A failed delivery is retried in the background according to the
// target's retry policy, and then goes to its dead-letter queue with AWS's attributes. A permanent error sends it
// there at once. Close stops the retries.
//
// An archive holds at most MaxArchiveBytes and lets go of its oldest events. Its StateReason says what is gone, and so
// does that of a replay whose time span includes it; what is let go is deleted from the journal, too.
//
// Package pattern implements event patterns, package transform the input transformer.
//
// Not supported: schedules, partner event sources, API destinations and encryption. Roles on targets are stored and
// returned, but only the target's resource policy decides whether a delivery is allowed.
package eventbridge
