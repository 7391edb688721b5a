// Package dynamodb implements DynamoDB as a plain state machine in memory, which a journal can make durable.
//
// Tables are persistent trees (tree.go): a write makes a new root that shares every node it did not touch. So a
// reader takes a root and walks it without a lock, and a transaction works on its own roots and swaps them in once
// all of its actions have succeeded. The lock is held only while the items of a request are read or written. Keys are
// encoded as strings that sort as the keys do (key.go). So one kind of ordered tree serves a table, its indexes and
// its expiry queue, and every operation takes time logarithmic in the number of items. A table stores an item as one
// string (packed.go), which a read unpacks: as maps and values, the state of a long day would need several times its
// size.
//
// A recursive-descent parser turns expressions into small trees (parser.go, condition.go, update.go), which are
// validated as far as AWS validates them before any item is read. Numbers are decimals of 38 digits (number.go),
// never floats.
//
// Unsupported features are rejected by name: legacy parameters from before expressions (Expected, AttributeUpdates,
// KeyConditions …), item collection metrics, streams, backups, PartiQL, global tables. Throughput is reported but
// never throttled; reads are always consistent; changes to tables, indexes and time to live take effect at once, and
// an item disappears the second it expires.
//
// The error texts follow AWS's documentation and published responses of the real service, among them
// paritysuite/dynamodb-conformance and the tests of Scylla's Alternator and of dynalite, which also run against AWS. The
// README of the local cloud says which of them pass.
package dynamodb
