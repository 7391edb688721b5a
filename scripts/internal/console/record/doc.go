// Package record keeps a limited amount of what was observed of a troupe, and assembles what a user asks for: the
// list of executions, newest first, and single executions.
//
// The limit is one of bytes. Beyond it, the execution that was touched least recently is let go as a whole, and the
// list says how many are gone.
//
// It observes steps, log lines and hops. A step is what a service logs about one message; on AWS there is nothing else
// but the lines that its handler logged meanwhile, and steps are enough. A hop is what the local cloud's tap adds: a
// message waits in a queue, or a rule matched. The rest follows from the declarations: which services should have
// received an event, which field prevented it, and which events say how an execution ended.
package record
