package sqlstore_test

import (
	"strings"
	"testing"

	"example.com/troupe/services/kit/inbox/sqlstore"
)

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct{ url, says string }{
		{"", "opens postgres://user:password@host/database and sqlite:///path"},
		{"mysql://root:secret@localhost/db", "opens postgres://user:password@host/database and sqlite:///path"},
		{"sqlite://relative.db", "opens postgres://user:password@host/database and sqlite:///path"},
		{"postgres://user:secret@%zz/db", "malformed"},
		{"sqlite:///no/such/folder/file.db", "open the SQLite database"},
		{"postgres://user:secret@127.0.0.1:1/db?connect_timeout=5", "open the PostgreSQL database"},
	} {
		s, err := sqlstore.Open(t.Context(), c.url, "tower")
		if err == nil {
			_ = s.Close()
			t.Errorf("%s was opened", c.url)
			continue
		}
		if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %q; want %q in it, and no password", c.url, err, c.says)
		}
	}
}
