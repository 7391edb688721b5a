package sqlstore

import (
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is what differs between the databases.
type dialect struct {
	name        string
	driver      string               // of database/sql
	connections int                  // of the pool, at most
	writers     int                  // transactions at once: fewer, so that a query outside of them never waits for one
	lock        string               // the statement that lets one migration run at a time
	forShare    string               // keeps a row as it was read
	skipLocked  string               // passes over rows that others work on
	conflict    func(err error) bool // whether running the transaction again may mend it
}

// SQLite has one writer. Waiting for it in our own queue is fair and ends with the
// context; waiting for the file's lock is neither.
var sqliteDialect = dialect{
	name: "SQLite", driver: "sqlite", connections: 4, writers: 1,
	lock:     "SELECT 1", // an immediate transaction holds the file's lock already
	conflict: sqliteConflict,
}

// PostgreSQL allows 100 connections to a server as it is delivered; a worker takes a few.
var postgresDialect = dialect{
	name: "PostgreSQL", driver: "pgx", connections: 16, writers: 12,
	lock:       "SELECT pg_advisory_xact_lock(7318349394)", // any number of our own
	forShare:   " FOR SHARE",
	skipLocked: " FOR UPDATE SKIP LOCKED",
	conflict:   postgresConflict,
}

// parse finds the dialect of a URL, and what its driver wants to be told.
func parse(rawURL string) (dialect, string, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return dialect{}, "", errors.New("the database URL is malformed") // without it: it may hold a password
	}
	switch {
	case u.Scheme == "sqlite" && u.Host == "" && u.Path != "":
		return sqliteDialect, sqliteDSN(u.Path), nil
	case u.Scheme == "postgres", u.Scheme == "postgresql":
		return postgresDialect, rawURL, nil
	}
	return dialect{}, "", fmt.Errorf("the database URL %s is of no kind that is known: want sqlite:///path/to/file.db or postgres://user:password@host/database", u.Redacted())
}

// sqliteDSN asks for a write-ahead log, in which readers do not wait for the writer,
// and for transactions that take the write lock when they begin: one that takes it
// later fails when another wrote meanwhile. The log is synced at each commit, as
// SQLite does unless told otherwise: an acknowledged event survives a power cut.
func sqliteDSN(path string) string {
	query := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)"}, // milliseconds
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

func sqliteConflict(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	const primary = 0xff // an extended code is the primary one and a detail above it
	return slices.Contains([]int{sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}, e.Code()&primary) ||
		slices.Contains([]int{sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}, e.Code())
}

// The SQLSTATEs of PostgreSQL's appendix A after which a transaction may be run again.
var postgresConflicts = []string{
	"40001", // serialization_failure
	"40P01", // deadlock_detected
	"23505", // unique_violation
	"55P03", // lock_not_available
}

func postgresConflict(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains(postgresConflicts, e.Code)
}
