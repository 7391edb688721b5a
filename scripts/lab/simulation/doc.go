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
// local cloud's EventBridge, Scheduler, SNS, SQS and DynamoDB with their archive, filters, visibility timeouts and dead-letter
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
// Random IDs come from testing/cryptotest's source; pauses are derived (package jitter). Schedules of service.json fire in
// virtual time as long as a run lasts, and a run lasts until no reminder is left: a day takes seconds.
//
// # Faults
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
// # Limits
//
// The simulation can't show whether AWS behaves as the local cloud does, what a damaged disk or a real network does to a
// process, what happens after the inbox has expired a record, data races within a process (which the scheduler prevents;
// use go test -race), or anything about PostgreSQL. Customers repeat a request until they have a response, as the kit
// requires; those who delete something may give up. A story's checks are not checked: under faults they may hold late or not at
// all.
package simulation
