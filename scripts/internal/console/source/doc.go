// Package source implements the console's sources: the local cloud in this process, and CloudWatch Logs at any
// endpoint.
package source
