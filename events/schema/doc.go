// Package schema checks documents against JSON Schemas, and describes violations so that a person can fix them.
//
// Both sides of a channel call Validate, so that nothing invalid is published or handled. Tools that know no
// particular event load all contracts with Load. A violation consists of a place and what is expected there, never
// the value itself: errors appear in logs and dead letters, and data may be personal.
package schema
