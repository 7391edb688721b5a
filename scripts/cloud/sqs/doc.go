// Package sqs implements Amazon SQS: standard and FIFO queues, in memory, which a journal can make durable.
//
// A queue is a state machine with its own mutex. One heap holds all its messages by the time of their next event:
// they become visible, or their retention ends. Two heaps per message group hold its visible messages and those in
// flight. So every operation costs O(log n), and nothing runs between operations: each operation first processes the
// events that are due. The queue only has a timer while somebody waits for a message.
//
// A standard queue is a single group. In a FIFO queue, a message can be received if no earlier message of its group is
// in flight.
//
// Lock order: the holder of a queue's mutex may lock the service's mutex, never the other way round. Nobody holds the
// mutexes of two queues at once.
package sqs
