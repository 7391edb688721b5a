//go:build !nosqlite

package sqlstore

import (
	"errors"
	"net/url"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite has one writer. Waiting for it in our own queue is fair and ends with the
// context; waiting for the file's lock does neither.
func init() {
	dialects["sqlite"] = dialect{
		name: "SQLite", driver: "sqlite", url: "sqlite:///path/to/file.db", dsn: sqliteDSN, connections: 4, writers: 1,
		lock:     "SELECT 1", // an immediate transaction holds the file's lock already
		conflict: sqliteConflict,
	}
}

// sqliteDSN asks for a write-ahead log, in which readers don't wait for the writer, and for
// transactions that take the write lock when they begin: one that takes it later fails if
// another wrote meanwhile. The log is synced at each commit, SQLite's default, so an
// acknowledged event survives a power cut.
func sqliteDSN(u *url.URL) string {
	if u.Host != "" || u.Path == "" {
		return ""
	}
	query := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)"}, // milliseconds
	}
	return (&url.URL{Scheme: "file", Path: u.Path, RawQuery: query.Encode()}).String()
}

func sqliteConflict(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	const primary = 0xff // an extended code has the primary one in its lowest byte
	return slices.Contains([]int{sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}, e.Code()&primary)
}
