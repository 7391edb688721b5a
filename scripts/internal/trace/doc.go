// Package trace shows executions: which service handled what, how it ended and
// what it published, drawn from nothing but the step lines that services log.
//
// A choreography has no place where the whole is written down, so the whole is put
// together afterwards: every step carries its correlation (the execution), the event
// it handled and the events that it published. Collector gathers steps from wherever
// lines come (a process, the local cloud's tap, CloudWatch Logs), New makes the
// execution of them, and Printer draws it. No service, table or agent is needed for it.
package trace
