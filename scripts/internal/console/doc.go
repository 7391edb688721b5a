// Package console serves a page that shows a troupe at work: the map of who publishes what and who subscribes to it,
// every execution as a diagram, and forms to publish, send requests, redrive, replay and inject faults.
//
// It gets its data from a record.Source, so the page is the same for the local cloud and for CloudWatch Logs.
// Watching never slows the system: a source or browser that can't keep up loses frames, and the page shows how many.
// The server draws (package drawing); the page consists of plain modules without a build step. It only serves this
// machine and its own page: see guard.
package console
