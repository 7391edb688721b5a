// Package host starts a service's binary: it checks that service.json, the code and the
// environment agree, connects to AWS, and brings messages to handlers.
//
// The binary is the same everywhere. With AWS_LAMBDA_RUNTIME_API in the environment it is a
// Lambda function; without, a worker that polls its own queue and serves its own routes.
//
// # The guarantee
//
// Every acknowledged message has its effect exactly once, and so has every answered request
// with an idempotency key, whatever crashes, repeats or arrives out of order. That follows
// from the order of three steps:
//
//  1. commit the changes, the events and the record that the work is done, in one
//     transaction (package inbox);
//  2. publish the events (package unit);
//  3. acknowledge: delete the message (this package), or answer the request (package web).
//
// A crash between 1 and 3 leaves a message that comes again, or a client without an answer.
// The repeat finds the record, does not run the handler, publishes the same events with the
// same ids once more, and is acknowledged. Consumers drop what they have seen by the same
// rule.
//
// So there is no outbox table, no poller and no stream: state changes only while an
// unacknowledged message is held, and that message is the outbox. A request has no message
// behind it; there the client repeats, with its idempotency key. A client that sends no key,
// or gives up, may leave a request that is committed and never published. A request that
// decides something should therefore change nothing itself, but send an event to its own
// service through the queue, and let the message decide.
//
// # Failures
//
// A failed message comes again after a jittered back-off whose ceiling doubles, from 2 seconds
// to 5 minutes. With 20 receives, the default, it is dead-lettered after 34 minutes at the
// earliest. Each receive counts, one that ends with RetryAfter too. After ten failures in a row
// a service takes one message at a time, every 30 seconds at least, until one succeeds: so an
// outage of its store or of the bus doesn't use up the receives of all that waits. A message
// that another delivery can't fix (it is not an event, its data breaks its contract,
// or the handler's error is permanent) is copied to the dead-letter queue, with the reason in
// its attributes, and acknowledged. A panic is a failure, and so is a time-out: the work is
// committed whole or not at all, so nothing is ever half done.
//
// # Observability
//
// Each message and each request for a unit of work logs one line with an events.Step. Spans
// go to OpenTelemetry if a collector is named and the service links package otlp; events carry the trace context either way.
//
// # Environment
//
//	SERVICE_ENVIRONMENT          "local", "dev" …
//	AWS_LAMBDA_RUNTIME_API       set by Lambda
//	AWS_REGION                   the region
//	AWS_ACCESS_KEY_ID            credentials, with AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; or
//	AWS_CONTAINER_CREDENTIALS_RELATIVE_URI  where ECS gives them to a task
//	AWS_ENDPOINT_URL             where AWS is, if elsewhere; AWS_ENDPOINT_URL_SQS for one product
//	EVENT_BUS_NAME               the bus
//	TOPIC_ARN_PREFIX             a topic's ARN up to the event's type
//	QUEUE_URL                    the service's queue
//	DEAD_LETTER_QUEUE_URL        where it dead-letters messages
//	QUEUE_ARN, UNDELIVERED_QUEUE_ARN, SCHEDULE_GROUP, SCHEDULE_ROLE_ARN  for reminders of more than 15 minutes
//	TABLE_NAME                   its DynamoDB table
//	DATABASE_URL                 its SQL database
//	SECRETS_PREFIX               what its secrets' names in Secrets Manager begin with
//	HTTP_ADDR                    host:port to serve the routes on, workers only
//	RATE                         messages a second, instead of service.json's rate
//	QUEUE_CONCURRENCY            messages at a time, instead of service.json's queue.concurrency
//	TIMEOUT_SECONDS              instead of service.json's timeout_seconds, workers only
//	LOG_COPY                     host:port of the make up that shows a service which somebody runs by hand
//	DIRECT_HTTP_ADDR             see below
//	HEALTH_FILE                  see below, workers only
//	OTEL_EXPORTER_OTLP_ENDPOINT  where spans go
//	TRACE_PAYLOADS               true for steps with payloads
//	TRACE_PERSONAL               true for steps and logs with personal data, only in the environment local
//
// A worker touches HEALTH_FILE when it begins to poll. Its binary, started beside it with the
// flag -healthy, exits with 0 if that was not too long ago: the container's health check.
//
// DIRECT_HTTP_ADDR=host:port makes a worker do without its queue, to show what a queue is
// for: it does not poll, but serves POST /events, and its routes, at that address. The body
// is an event as a queue would deliver it. It is handled like a message, within the same
// rate and concurrency: 204 when it had its effect, 429 when it exceeds them, 422 when it
// fails permanently, 503 when it may be sent again.
package host
