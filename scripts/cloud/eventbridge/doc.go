// Package eventbridge is Amazon EventBridge: buses, rules, targets, archives and
// replays.
//
// PutEvents delivers to local targets before it answers, so that a queue holds the message when the
// publisher goes on; AWS promises only 'soon', and this is soon. What cannot be delivered is tried again in
// the background as the target's retry policy says, then goes to its dead-letter queue with the
// attributes that AWS gives it; an error that trying again cannot mend goes there at once. Close ends what is
// still being tried.
//
// Matching is package pattern, the input transformer is package transform.
//
// Not here: schedules, partner event sources, API destinations, encryption, and roles on targets (a role is
// kept and told, but a delivery is judged by the target's resource policy alone).
package eventbridge
