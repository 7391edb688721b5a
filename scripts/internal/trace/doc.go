// Package trace shows executions: which service handled what, how it ended and what it published. It needs nothing
// but the step lines that services log.
//
// In choreography no component sees the whole, so the whole is assembled afterwards: every step carries its
// correlation ID (the execution), the event that it handled and the events that it published. Collector gathers steps
// from any source of lines (a process, the local cloud's tap, CloudWatch Logs), New assembles an execution from them,
// and Printer draws it. This needs no service, table or agent.
package trace
