// Package host is how a service's binary starts, and how a message or a request is
// handled.
//
// The binary is the same everywhere: AWS_LAMBDA_RUNTIME_API in the environment makes it a
// Lambda function, its absence a worker that polls its own queue and serves its own
// routes. It refuses to start where service.json, the code and the environment do not agree,
// and names every difference.
//
// # The guarantee
//
// Every acknowledged message has its effect exactly once, and so has every answered request
// that bears an idempotency key, whatever crashes, repeats or arrives out of order. The
// order of things makes it so, and it is always this one:
//
//  1. commit: changes, events and the record that the work is done, in one transaction
//     (package inbox);
//  2. publish the events;
//  3. acknowledge: delete the message, or answer the request.
//
// Whatever ends between 1 and 3 leaves a message that comes again, or a client without an
// answer. The repeat finds the record, does not run the handler, publishes the same events
// with the same ids once more, and is acknowledged; consumers drop what they have seen by the
// same rule.
//
// That is why there is no outbox table, no poller and no stream. State changes only while a
// message is held that nobody has acknowledged, and that message is the outbox. A
// request has no message behind it; there the client with its idempotency key is the one
// who comes again. One who sends no key, or gives up, may leave a request that is committed and
// was never published. So a request that decides something changes nothing itself: it tells its own service,
// through the queue, and a message decides (DELETE /orders/{id} does that).
//
// Calls cost more than work. So what the units of work of one batch will read first (their records, and the
// documents that the last event of the same type was handled with) is read ahead with one call, where the
// database can do that. It is no cache: a first run starts from it, whatever is out of date fails to commit, and
// a second run reads for itself.
//
// # Failures
//
// A failed message comes again after a back-off of its own, random below a ceiling that
// doubles. What another delivery cannot mend (no event of ours, data that breaks its
// contract, an error that the handler dead-letters) is copied to the dead-letter queue with the
// reason in its attributes, and acknowledged. A panic is a failure. Time that runs out is
// one too: the work is committed whole or not at all, so nothing is ever half done.
//
// # Seeing it
//
// Each message and each unit request writes one log line that holds an events.Step. Spans
// go to OpenTelemetry where a collector is named; the trace context travels in the
// envelope either way.
package host
