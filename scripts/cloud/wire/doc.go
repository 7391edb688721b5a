// Package wire is the AWS wire protocols, written once.
//
// An AWS service of the local cloud is a plain state machine: methods that take an
// input struct and return an output struct or an *Error. Its table of operations names
// them, three lines each; Service turns the table into an http.Handler. The
// protocols are JSON 1.0 and 1.1 (json.go), query with XML answers (query.go) and
// REST JSON (rest.go). An operation that is not in the table is answered with the AWS error
// for it, naming the operation.
//
// A member of the input that no field takes is refused too, by name: what is accepted is
// obeyed.
package wire
