// Package schema checks documents against JSON Schemas, and says what is wrong with
// them so that a person can mend it.
//
// Both sides of a channel call Validate: nothing invalid leaves, and nothing invalid is
// handled. Tools that know no event by name read all contracts from their folder with
// Load. What was found is told as a place and what must stand there, never with the
// value itself: errors go to logs and dead letters, and data may be personal.
package schema
