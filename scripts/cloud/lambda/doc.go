// Package lambda is AWS Lambda: functions, their invocation, and event source
// mappings of SQS queues.
//
// A function has a pool of execution environments for its present code and
// configuration; each runs one invocation at a time and is used again. A change makes a
// new pool, and the old one ends with its last invocation. What an environment is, a
// Runner decides: a process, as a rule (package process), of this machine's architecture
// whatever the function says.
//
// A mapping handles as many batches at once as there is work for, at most as many as it may: fewer and fuller ones
// than AWS begins with, since all environments share this machine (see scale).
//
// Every goroutine begins with Service.begin and is waited for by Close.
package lambda
