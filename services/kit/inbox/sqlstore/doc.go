// Package sqlstore is the inbox over SQL: SQLite, embedded, for local use and for a service
// that is alone with its file, and PostgreSQL. A build with the tag nosqlite, as what is
// deployed, leaves SQLite out.
//
// A unit of work is one transaction. It first inserts its record, so that a concurrent
// duplicate waits for it and then finds it there. Then the handler runs. Then every
// document that was read or saved is checked at the version that was read, and locked
// until the commit. The checks make the transaction serializable as far as documents go.
// PostgreSQL's own SERIALIZABLE is not needed: on small tables it locks whole index pages,
// and units of work that share nothing would fail each other.
//
// SQLite has one writer at a time, so units of work take turns there, their handlers
// included; queries don't wait for them.
//
// The entries of documents in indexes are rows of one table, which the transaction of their
// document replaces. Reads see them at once.
//
// A service's own tables take part through From: a row that a handler writes and the record
// of its event are one commit.
//
// Services may share a database: a record belongs to its service, and so does the list of
// statements that are run. Their tables and the keys of their documents must differ.
//
// A unit of work adds one record and deletes up to two that have expired. So the table
// stays as small as it can be, nothing runs beside the work, and no commit waits for a
// large deletion.
package sqlstore
