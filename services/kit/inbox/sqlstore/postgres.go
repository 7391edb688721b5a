package sqlstore

import (
	"errors"
	"net/url"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// A PostgreSQL server allows 100 connections by default; a worker takes a few.
func init() {
	postgres := dialect{
		name: "PostgreSQL", driver: "pgx", url: "postgres://user:password@host/database", dsn: (*url.URL).String,
		connections: 16, writers: 12,
		lock:       "SELECT pg_advisory_xact_lock(7318349394)", // any number that nothing else uses
		forShare:   " FOR SHARE",
		skipLocked: " FOR UPDATE SKIP LOCKED",
		conflict:   postgresConflict,
	}
	dialects["postgres"], dialects["postgresql"] = postgres, postgres
}

// postgresConflicts are the SQLSTATEs of PostgreSQL's appendix A after which a transaction
// may be run again. A unique violation is none: the inbox's own tables have none, and what a
// handler's table refuses is for the handler to say.
var postgresConflicts = []string{
	"40001", // serialization_failure
	"40P01", // deadlock_detected
	"55P03", // lock_not_available
}

func postgresConflict(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains(postgresConflicts, e.Code)
}
