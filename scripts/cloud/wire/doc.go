// Package wire implements the AWS wire protocols for all services.
//
// An AWS service of the local cloud is a plain state machine: its methods take an input struct and return an output
// struct or an *Error. A table lists its operations, and Service turns the table into an http.Handler. The protocols
// are JSON 1.0 and 1.1 (json.go), query with XML responses (query.go) and REST JSON (rest.go). A request for an
// operation that isn't in the table fails with AWS's error for that, and the message names the operation.
//
// An input member without a field is also rejected by name, so everything that is accepted has an effect.
package wire
