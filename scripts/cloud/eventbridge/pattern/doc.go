// Package pattern implements EventBridge's event patterns.
//
// Compile compiles the text of a pattern, or returns AWS's error. A Set finds those of many patterns that match an
// event.
//
// A pattern is a list of alternatives (each $or multiplies them), and an alternative is a list of fields that must
// all match. A field's path is its keys joined by dots, so {"a":{"b":…}} and {"a.b":…} are the same. A hand-written
// scanner reads an event once. It keeps only the values at paths that some pattern uses, each with the array elements
// that contain it, because all fields of a match must lie in the same element of any array. A set indexes each
// alternative by an exact value that it requires, so an event is only compared with patterns that share a value with
// it.
//
// Events are read as raw JSON, because the spelling of a number and repeated keys matter. The reference is AWS's
// recorded responses and its open-source rule engine; see conformance_test.go.
package pattern
