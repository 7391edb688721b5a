// Package sqlstore is the inbox over SQL: SQLite, embedded, for a service that lives alone
// with its file, and PostgreSQL for one that shares a server.
//
// A unit of work is one transaction. It first inserts its record, so that a
// concurrent duplicate waits for it and then finds it there; then the handler runs;
// then every document that was read or saved is checked at the version that was read
// and locked until the commit. The checks make the transaction serializable as far as
// documents go, so PostgreSQL's own SERIALIZABLE is not needed: on small tables it
// locks whole index pages, and units of work that share nothing would fail each other.
//
// SQLite has one writer at a time, so units of work take turns there, the time that
// their handlers take included; queries do not wait for them.
//
// A service's own tables take part through From: the row of a job and the record of
// the event that asked for it are one commit.
//
// Records whose time is over are deleted two at a time, by the units of work that add
// one each: so the table never outgrows what it must hold, nothing runs beside
// the work, and no commit waits for a large deletion.
package sqlstore
