// Package simulation runs the services of a checkout in one process and in virtual time, lets a seed decide what befalls
// them, and checks that nothing is lost. It is test code; make sim runs it.
//
// It knows no domain. The services are those of the checkout, as their own main functions have them: see package overlay.
// Customers play the stories of services/stories, or, where there are none, publish the examples of events that somebody
// subscribes to. What must hold is in package always, and what must hold in the domain in services/invariants.
//
// # What is real
//
// The services' handlers and main functions, the kit, the publisher and the AWS SDK's clients with their retries; the local
// cloud's EventBridge, SNS, SQS and DynamoDB with their archive, filters, visibility and dead-letter queues; a SQLite
// database for each service with the store sql. In half of the seeds services run as workers (package host's own polling),
// in the other half those that are deployed as functions are invoked with batches, as an event source mapping does.
//
// # What is not
//
// There are no sockets: the SDK's HTTP client calls the cloud's handler, and customers call the services' handlers. Requests
// are not signed, and the functions' pollers are a few lines of this package. An instance that crashes is a set of goroutines
// none of whose calls has an effect any more; what its own values held is gone with it, but what its packages keep in
// variables is shared by all instances. What fakes keep there is forgotten by Reset of services/invariants.
//
// # One scheduler
//
// Everything runs in a bubble of testing/synctest. Every call of an instance, and every delivery from a rule or topic to a
// queue, waits for its turn. When all goroutines wait, the scheduler sorts what waits by its content, lets the seed choose
// what goes next and what goes wrong with it, and lets some virtual time pass. So no two goroutines race for an outcome, and
// the same seed is the same run, step for step: TestTheSameSeedIsTheSameRun compares the hashes of their traces. Random ids
// come from testing/cryptotest's source; pauses are derived (package jitter).
//
// # What goes wrong
//
// Each seed has a character of its own: which kinds of faults, how often, for how long, how many instances, how fast
// customers come, and how short the durations are that stories set (newPlan). Faults are those of fault_test.go: calls that
// are throttled, fail, lose their answer after they had their effect, or get it late; batches of which a part is refused;
// operations that are out for seconds; a blackout of all
// stores, of one service's, or of the bus, for a quarter of an hour; crashes before a call, after it, and between the entries of a batch, which come to
// before and after each transaction, between any two published events and before each delete; messages whose visibility ends
// while they are handled; deliveries that come twice or late, and so in any order; redeployment. Events that no service can
// handle are among those on the bus. Then faults end, all has to settle, the invariants are checked, a part of the archive is
// replayed, and they are checked again.
//
// A message that was received three times is spared from then on, but not from a blackout: faults that come as thick as here
// would alone send it to a dead-letter queue. A blackout must not, with as many receives as service.json allows.
//
// # What it cannot tell
//
// Whether AWS behaves as the local cloud does; what a torn disk or a real network does to a process; what happens after the
// inbox has forgotten an event; races within a process, which the scheduler takes away on purpose (go test -race is for
// those); PostgreSQL. Customers insist until they have an answer, as the kit asks of them; those who delete something may
// give up. What a story expects is not checked: under faults it comes late, or otherwise.
package simulation
