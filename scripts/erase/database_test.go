package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/services/kit/inbox/sqlstore"
	"example.com/troupe/services/kit/inbox/sqlstore/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestDatabases erases from the databases that a worker's store makes.
func TestDatabases(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "harbour.db") },
		"PostgreSQL": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			address := url(t)
			made, err := sqlstore.Open(t.Context(), address, "harbour")
			if err != nil {
				t.Fatal(err)
			}
			defer made.Close()
			t.Setenv(databaseVariable, address)
			opened, err := (&eraser{options: options{env: "local"}}).database("harbour")
			if err != nil {
				t.Fatal(err)
			}
			defer opened.close()
			db := opened.(*database)
			for _, row := range []string{
				`INSERT INTO inbox_documents (id, version, body) VALUES ('ship/1', 4, '{"captain":"Ahab"}'), ('ship/2', 1, '{"captain":"Nemo"}'), ('ship/3', 1, '{"captain":"Ahab"}')`,
				`INSERT INTO inbox_records (id, record, expires) VALUES ('harbour/e-1', '{"a":"Ahab"}', 4102444800), ('gull/e-1', '{"a":"Ahab"}', 4102444800)`,
			} {
				if _, err := db.ExecContext(t.Context(), row); err != nil {
					t.Fatal(err)
				}
			}
			without := func(_ string, text []byte) ([]byte, error) {
				return bytes.ReplaceAll(text, []byte(`"Ahab"`), []byte(`null`)), nil
			}
			documents, records, err := db.scan(t.Context(), "Ahab", without, without)
			if err != nil || len(documents) != 2 || len(records) != 1 || records[0].Key != "harbour/e-1" {
				t.Fatalf("found %+v and %+v, %v; want two ships, and the record of the harbour", documents, records, err)
			}
			if _, err := db.ExecContext(t.Context(), `UPDATE inbox_documents SET body = '{"captain":"Ahab","berth":"e"}' WHERE id = 'ship/3'`); err != nil {
				t.Fatal(err)
			}
			for i, want := range []bool{true, false} { // the other has changed meanwhile
				if done, err := db.replace(t.Context(), documents[i], true); err != nil || done != want {
					t.Errorf("%s: %v, %v, want %v", documents[i].Key, done, err, want)
				}
			}
			if done, err := db.replace(t.Context(), records[0], false); err != nil || !done {
				t.Errorf("the record: %v, %v", done, err)
			}
			left := func(query string) (texts string) {
				rows, err := db.QueryContext(t.Context(), query)
				if err != nil {
					t.Fatal(err)
				}
				defer rows.Close()
				for rows.Next() {
					var text string
					if err := rows.Scan(&text); err != nil {
						t.Fatal(err)
					}
					texts += text + "\n"
				}
				return texts
			}
			if got, want := left(`SELECT id || ' ' || version || ' ' || body FROM inbox_documents ORDER BY id`),
				"ship/1 5 {\"captain\":null}\nship/2 1 {\"captain\":\"Nemo\"}\nship/3 1 {\"captain\":\"Ahab\",\"berth\":\"e\"}\n"; got != want {
				t.Errorf("documents:\n%s\nwant\n%s", got, want)
			}
			if got := left(`SELECT record FROM inbox_records ORDER BY id`); strings.Count(got, "Ahab") != 1 {
				t.Errorf("records:\n%s", got)
			}
		})
	}
}
