// Package chaos holds a test that runs the whole troupe in real processes, under load, and breaks one thing after another:
// functions, the warehouse and its PostgreSQL are killed, a drain is ended, a consumer is slow, calls of AWS fail. After
// each, everything settles, and package invariants finds nothing wrong. make test-faults runs it.
//
// It stands behind the build tag chaos, because it takes minutes, and needs Linux, where processes are found in /proc.
package chaos
