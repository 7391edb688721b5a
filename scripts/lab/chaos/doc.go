// Package chaos holds a test that runs all services of a checkout in real processes, under load, and breaks one thing after
// another: functions, workers and their PostgreSQL are killed, a drain is ended, a consumer is slow, calls of AWS fail. After
// each, everything settles, and neither package always nor services/invariants finds anything wrong. make test-faults runs it.
//
// What is broken follows from the services' manifests, and the load is what customers do in services/stories.
//
// It stands behind the build tag chaos, because it takes minutes, and needs Linux, where processes are found in /proc.
package chaos
