package sqlstore_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/sqlstore"
	"example.com/troupe/services/kit/inbox/sqlstore/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// each runs a test over both databases; fresh returns the URL of an empty one.
func each(t *testing.T, test func(t *testing.T, fresh func(*testing.T) string)) {
	t.Run("SQLite", func(t *testing.T) {
		test(t, func(t *testing.T) string {
			return (&url.URL{Scheme: "sqlite", Path: filepath.Join(t.TempDir(), "a b%c?.db")}).String()
		})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		test(t, func(t *testing.T) string { return pgtest.URL(t) })
	})
}

func open(t *testing.T, url string) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), url, "tower")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestDriver(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) string) {
		eventingtest.Driver(t, func(t *testing.T) inbox.Driver { return open(t, fresh(t)) })
	})
}
