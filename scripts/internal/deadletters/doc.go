// Package deadletters looks at what lies in dead-letter queues, and moves it back to the service.
//
// SQS can't be looked into without receiving. A look therefore takes all messages that it shows, hidden from others
// meanwhile, and gives each back as it ends, also when it is interrupted; should that fail, they are visible again when
// their visibility ends. It burns nothing: a dead-letter queue has no redrive policy of its own, so that receives there
// count towards nothing, and a message that goes back counts from the beginning (SQS developer guide, "Dead-letter queue
// redrive": what is redriven is a new message).
//
// All of a queue goes back by SQS's own move task, which needs nobody to wait for it; a part of it, and what a rule or a
// topic could not deliver, message by message: sent to the service first and then deleted, so that whatever interrupts it
// loses nothing. A crash between the two brings a message twice, which does no harm, since services handle an event once.
package deadletters
