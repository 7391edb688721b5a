// Package source has what a console can read: the local cloud of this process, and
// CloudWatch Logs, wherever that is.
package source
