// Package simulation runs the six services in one process and in virtual time, lets a seed decide
// what befalls them, and checks that nothing is lost. It is test code; make sim runs it.
//
// # What is real
//
// The services' handlers and wiring, the kit, the publisher and the AWS SDK's clients with their
// retries; the local cloud's EventBridge, SNS, SQS and DynamoDB with their archive, filters,
// visibility and dead-letter queues; the warehouse's SQLite database. In half of the seeds services
// run as workers (package host's own polling), in the other half those that are deployed as functions
// are invoked with batches, as an event source mapping does.
//
// # What is not
//
// There are no sockets: the SDK's HTTP client calls the cloud's handler. Requests are not signed,
// and the functions' pollers are a few lines of this package. The card processor is a book of this
// package that outlives the processes. An instance that crashes is a set of goroutines none of whose
// calls has an effect any more; what it had in memory is gone with it.
//
// # One scheduler
//
// Everything runs in a bubble of testing/synctest. Every call of an instance, and every delivery from
// a rule or topic to a queue, waits for its turn. When all goroutines wait, the scheduler sorts what
// waits by its content, lets the seed choose what goes next and what goes wrong with it, and lets some
// virtual time pass. So no two goroutines race for an outcome, and the same seed is the same run,
// step for step: TestTheSameSeedIsTheSameRun compares the hashes of their traces. Random ids come
// from testing/cryptotest's source; pauses are derived (package jitter).
//
// # What goes wrong
//
// Each seed has a character of its own: which kinds of faults, how often, for how long, how many
// instances, how fast customers and deadlines are (newPlan). Faults are those of fault_test.go: calls
// that are throttled, fail, lose their answer after they had their effect, or get it late; batches of
// which a part is refused; operations that are out for seconds; crashes before a call, after it, and between the entries of a batch, which
// come to before and after each transaction, between any two published events and before each delete;
// messages whose visibility ends while they are handled; deliveries that come twice or late, and so in
// any order; redeployment. Events that no service can handle are among those on the bus. Then faults
// end, all has to settle, the invariants are checked, a part of the archive is replayed, and they are
// checked again.
//
// A message that was received three times is spared from then on: faults alone would send it to a
// dead-letter queue after five, which is what that queue is for.
//
// # What must hold
//
// Throughout: an event's id has one content; no event is without a cause, and its id follows from it;
// each is said once, and none contradicts another. At rest: every acknowledged request has its order,
// and each order one end, the same in the table of orders, the card processor's book, the shelf, the
// warehouse's own table and the letters to the customer; nothing is in flight; dead-letter queues hold
// what was made poisonous, with its reason, and nothing else. All is read from the wire and from the
// stores, never from what services say about themselves. TestMutations shows that these can fail.
//
// # What it cannot tell
//
// Whether AWS behaves as the local cloud does; what a torn disk or a real network does to a process;
// what happens after the inbox has forgotten an event; races within a process, which the scheduler
// takes away on purpose (go test -race is for those); PostgreSQL. Customers who order insist until
// they have an answer, as the kit asks of them; those who cancel may give up.
package simulation
