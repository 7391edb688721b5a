// Package sqs is Amazon SQS: standard and FIFO queues, in memory and, where there is a journal, kept in it.
//
// A queue is a state machine behind its own mutex. All its messages lie in one heap
// by the time at which something happens to them (they become visible, or their
// retention ends), and the visible ones of each message group in another by
// their order; so every operation costs O(log n), and nothing runs
// between operations. Each operation first does what has become due. Only while
// somebody waits for a message does the queue hold a timer.
//
// A standard queue is one group that is never locked; in a FIFO queue a group is
// locked while one of its messages is in flight.
//
// Locks: a queue's mutex may be held while the service's is taken, never the other
// way round, and never two queues' at once.
package sqs
