// Package dynamodb is DynamoDB as a plain state machine, in memory and, where there is a journal, kept in it.
//
// Tables are persistent trees (tree.go): a write makes a new root that shares what it did not touch.
// So a reader takes a root and needs no lock while it walks, a transaction works on roots of
// its own and swaps them in when all of it has succeeded, and the only critical section is the
// work on the items named. Keys are encoded as strings that sort as the keys do (key.go), which makes one
// ordered tree serve a table, each of its indexes and the queue of items to expire, every operation in
// time that grows with the logarithm of the items.
//
// Expressions are parsed by recursive descent into small trees (parser.go, condition.go, update.go) that
// are checked as far as AWS checks them before an item is looked at. Numbers are decimals of 38
// digits (number.go), never floats.
//
// What is not supported is refused by name: parameters from before expressions existed (Expected,
// AttributeUpdates, KeyConditions …), item collection metrics, streams, backups, PartiQL, global tables. Throughput is
// reported and never throttled; reads are always consistent; tables, indexes and time to live are
// ready at once, and an item is gone the second it expires.
//
// The wording of errors follows AWS's documentation and answers of the service that others
// published, among them the tests of Scylla's Alternator and of dynalite, which run against AWS too.
package dynamodb
