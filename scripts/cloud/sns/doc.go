// Package sns implements Amazon SNS: topics, subscriptions and filter policies, in memory, which a journal can make
// durable.
//
// A single mutex guards the topics. Topics and subscriptions are replaced, never changed, so Publish works on a
// snapshot and blocks nobody. Deliveries to queues and functions finish before Publish returns, so a test can look
// into the queue right after it has published. Deliveries over HTTP run as goroutines of the service, because they
// are retried after a delay; Close stops them.
//
// Filter policies have their own compiler: their language resembles EventBridge's, but has other limits and errors.
package sns
