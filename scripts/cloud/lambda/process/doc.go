// Package process runs Lambda functions as processes of this machine: each has a
// runtime API of its own on a loopback port (AWS_LAMBDA_RUNTIME_API holds host and port only, as
// every runtime expects).
//
// A process leads a process group, which is killed as a whole, and on Linux dies with the
// local cloud even if that is killed; so nothing is left behind.
package process
