// Package chaos runs all services of a checkout in real processes under load and breaks one thing after another: it
// kills functions, workers and their PostgreSQL, interrupts a drain, slows a consumer, and makes AWS calls fail.
// After each, everything must settle, and package always and services/invariants must find no violation. make
// test-faults runs it.
//
// What it breaks derives from the services' manifests, and the load is what customers do in services/stories.
//
// It has the build tag chaos because it takes minutes, and needs Linux, where it finds processes in /proc.
package chaos
