// Package simulation runs the services of a checkout in one process and in virtual time, lets a seed choose the faults,
// and checks that nothing is lost. It is test code; make sim runs it.
//
// It knows no domain. The services are those of the checkout, as their main functions define them: see package overlay.
// Customers play the stories of services/stories or, if there are none, publish examples of events that have a
// subscriber. Package always contains the general invariants, and services/invariants those of the domain.
//
// # What is real
//
// The services' handlers and main functions, the kit, the publisher and the AWS SDK's clients with their retries; the
// local cloud's EventBridge, SNS, SQS and DynamoDB with their archive, filters, visibility timeouts and dead-letter
// queues; and a SQLite database for each service with the store sql. In half of the seeds services run as workers
// (package host's own polling); in the other half those that are deployed as functions are invoked with batches, as by an
// event source mapping.
//
// # What is not
//
// There are no sockets: the SDK's HTTP client calls the cloud's handler, and customers call the services' handlers.
// Requests are not signed, and a few lines of this package replace the functions' pollers. A crashed instance is a set of
// goroutines whose calls have no effect any more. The values that it held are lost, but what its packages keep in
// variables is shared by all instances. Reset of services/invariants clears what fakes keep there.
//
// # One scheduler
//
// Everything runs in a bubble of testing/synctest. Every call of an instance, and every delivery from a rule or topic to
// a queue, waits for its turn. When all goroutines wait, the scheduler sorts the waiting items by their content, lets the
// seed choose the next one and its fault, and advances the virtual time. No two goroutines therefore race for an outcome,
// and the same seed is the same run, step by step: TestTheSameSeedIsTheSameRun compares the hashes of their traces.
// Random IDs come from testing/cryptotest's source; pauses are derived (package jitter).
//
// # Faults
//
// Each seed chooses which kinds of faults occur, how often and for how long, the number of instances, how fast customers
// arrive, and how short the durations are that stories set (newPlan). fault_test.go lists the faults: calls that are
// throttled, fail, lose their response after they took effect, or get it late; batches of which a part is rejected;
// operations that fail for seconds; crashes before a call, after it, and between the entries of a batch, which means
// before and after each transaction, between any two published events and before each delete; messages whose visibility
// timeout ends while they are handled; deliveries that are repeated or late, and therefore in any order; and
// redeployments. Some of the events on the bus can't be handled by any service. Then faults end, everything must settle,
// and the invariants are checked. Afterwards a part of the archive is replayed, and they are checked again.
//
// A message that was received three times has no more faults, and queues allow at least twelve receives: frequent faults
// alone would otherwise dead-letter it.
//
// # Limits
//
// The simulation can't show whether AWS behaves as the local cloud does, what a damaged disk or a real network does to a
// process, what happens after the inbox has expired a record, data races within a process (which the scheduler prevents;
// use go test -race), or anything about PostgreSQL. Customers repeat a request until they have a response, as the kit
// requires; those who delete something may give up. A story's checks are not checked: under faults they may hold late or
// not at all.
package simulation
