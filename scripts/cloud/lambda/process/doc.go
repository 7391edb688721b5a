// Package process runs Lambda functions as processes of this machine. Each process has its own runtime API on a
// loopback port, because AWS_LAMBDA_RUNTIME_API only contains a host and a port.
//
// A process leads a process group, which is killed as a whole. On Linux it also dies with the local cloud, even if
// that is killed, so no process is left behind.
package process
