// Package console is a page that shows a troupe at work: the map of who publishes what and who subscribes to it,
// every execution as a diagram, and forms to publish, to send requests, to redrive, to replay and to inject faults.
//
// What it knows comes from a record.Source, so that it is the same page over the local cloud and over CloudWatch
// Logs. Watching never slows what is watched: sources and browsers that can't keep up lose frames, and the page shows how
// many. The server draws (package drawing); the page is plain modules without a build. It serves this machine only, and
// answers nobody but its own page: see guard.
package console
