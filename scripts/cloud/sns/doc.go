// Package sns is Amazon SNS: topics, their subscriptions and filter policies, in memory and, where there is a
// journal, kept in it.
//
// What hangs together is behind one mutex; topics and subscriptions are
// replaced, never changed, so that publishing works on what it found without
// holding anything up. Deliveries to queues and functions are made before Publish
// returns, so that a test that has published can look into the queue. Deliveries
// over HTTP are goroutines of the service, because they are tried again after a while;
// Close ends them.
//
// Filter policies have a compiler of their own: their language is like EventBridge's, and
// its limits and errors are not.
package sns
