// Package pgtest gives tests a real PostgreSQL: one server for a test binary, started when
// a test first needs it, and one database for each test.
//
// The data is thrown away with the server, so the server does not sync it to disk. It
// listens on a Unix socket in its data folder, which needs no port. PostgreSQL refuses to
// run as root; for root it runs as the user postgres or nobody. On Linux the server ends
// even when the tests are killed, but then it leaves its temporary folder behind.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

var (
	start     = sync.OnceValues(startServer)
	started   atomic.Pointer[server]
	mainRuns  bool
	databases atomic.Int64
)

// Main runs the tests of a package and then ends the server, if one was started:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
func Main(m *testing.M) int {
	mainRuns = true
	code := m.Run()
	if s := started.Load(); s != nil {
		if err := s.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "end PostgreSQL:", err)
			return max(code, 1)
		}
	}
	return code
}

// URL returns the URL of a new, empty database. It skips the test if PostgreSQL is not
// installed.
func URL(t testing.TB) string {
	t.Helper()
	if !mainRuns {
		t.Fatal("pgtest: the package needs func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }, which ends the server")
	}
	s, err := start()
	if errors.Is(err, errNotInstalled) {
		t.Skip("PostgreSQL is not installed: install the package postgresql")
	}
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := s.createDatabase(t.Context(), name); err != nil {
		t.Fatalf("pgtest: create database: %v", err)
	}
	return s.url(name)
}

func (s *server) createDatabase(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	db, err := sql.Open("pgx", s.url("postgres"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+name)
	return errors.Join(err, db.Close())
}

func (s *server) url(database string) string {
	query := url.Values{"host": {s.folder}, "user": {"postgres"}}
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: query.Encode()}).String()
}
