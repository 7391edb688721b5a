// Package web serves a service's routes. It needs no AWS.
//
// A route either only reads or is a unit of work (package unit). Of the latter, the
// response is held back until its changes are committed and its events published, and
// kept with them: a client that sends the same Idempotency-Key again gets the original
// response. Failures are answered with problem documents (RFC 9457).
package web
