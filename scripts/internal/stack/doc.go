// Package stack runs the whole troupe on this machine: it builds the services, creates their resources, starts them,
// and stops and removes everything at the end.
//
// It works in two ways. On the local cloud, Lambda services run as functions with the permissions of their roles. On
// any other AWS-compatible endpoint, every service runs as a worker that polls its queue, and a small proxy replaces
// the HTTP API; such an endpoint only needs queues, topics, a bus and tables.
//
// make up, make demo and the stories all use it, so the tests run the same code as users do.
package stack
