// Package deadletters lists the messages in dead-letter queues and moves them back to their service.
//
// SQS can't list messages without receiving them. Look therefore receives all messages that it returns, which hides
// them from others meanwhile, and makes them visible again at the end, even when it is interrupted. If that fails,
// they become visible when their visibility timeout ends. This does no harm: a dead-letter queue has no redrive
// policy, so receives there don't count towards a limit, and a redriven message starts from zero (SQS developer
// guide, "Dead-letter queue redrive": what is redriven is a new message).
//
// A whole queue is moved by SQS's own message move task, which runs without the command. Part of a queue, and what a
// rule or a topic could not deliver, is moved message by message: each is sent to the service first and deleted
// afterwards, so that an interruption loses nothing. A crash between the two duplicates a message, which does no
// harm, because services handle an event once.
package deadletters
