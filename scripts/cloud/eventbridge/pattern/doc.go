// Package pattern is EventBridge's event pattern language.
//
// Compile turns the text of a pattern into a Pattern, or says in AWS's words why it is none.
// A Set finds the patterns that match an event among many.
//
// How it works: a pattern is a list of alternatives (each $or multiplies them), and an alternative is a
// list of fields that must all match. A field's path is its keys joined by dots, so {"a":{"b":…}}
// and {"a.b":…} are one. An event is read once, by hand from its raw bytes: only the values at
// paths that some pattern names are kept, each with the array elements around it, because all
// fields of one match must lie in the same element of any array. A set knows each alternative by one exact
// value that it needs, so that an event meets only the patterns that it has something in common with.
//
// Events are read as raw JSON since the spelling of a number and a repeated key have a meaning
// here. The judges are AWS's recorded answers and those of its open-source rule engine; see
// conformance_test.go.
package pattern
