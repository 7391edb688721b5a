// Package lambda implements AWS Lambda: functions, invocations, and event source mappings of SQS queues.
//
// A function has a pool of execution environments for its current code and configuration. Each environment runs one
// invocation at a time and is reused. A change creates a new pool; the old one ends with its last invocation. A
// Runner creates the environments, usually as processes (package process). They run on this machine's architecture,
// whatever the function specifies.
//
// A mapping handles as many batches concurrently as there is work for, up to its maximum. It starts with fewer and
// fuller batches than AWS, because all environments share one machine (see scale). It deletes the messages that none of
// its filters lets through, and divides a batch that is too large for one invocation.
//
// Every goroutine starts with Service.begin, and Close waits for it.
package lambda
