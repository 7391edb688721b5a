package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	_ "modernc.org/sqlite"             // the driver sqlite

	"example.com/troupe/scripts/internal/stack"
)

// databaseVariable names the database of make up's services with SQL, if it isn't a file in its data folder.
const databaseVariable = "TROUPE_DATABASE_URL"

// database is a service's database.
type database struct {
	*sql.DB
	service string
}

// database returns a service's database, or nil if it can't be reached from here: then it says what to do by hand.
func (e *eraser) database(service string) (store, error) {
	url := os.Getenv(databaseVariable)
	file := filepath.Join(e.data, "workers", service+".db")
	switch {
	case e.env != stack.Env:
		e.byHand("%s keeps its state in a database that only its network reaches. From a task there (aws ecs execute-command, or psql over a tunnel): "+
			"SELECT id FROM inbox_records WHERE id LIKE '%s/%%' AND record LIKE '%%%s%%'; SELECT id, body FROM inbox_documents WHERE body LIKE '%%%[3]s%%'; and the same in its own tables.", service, service, sqlText(e.subject))
		return nil, nil
	case strings.HasPrefix(url, "postgres"):
		return openDatabase("pgx", url, service)
	case url != "":
		return openDatabase("sqlite", "file:"+strings.TrimPrefix(url, "sqlite://"), service)
	case e.data == "":
		e.byHand("%s keeps its state in a database of the running make up, which ends with it: start it with DATA=<folder> to keep it, and name that folder here, too (DATA=<folder>).", service)
		return nil, nil
	}
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("find the database of %s: %w; -data names the folder of make up DATA=…", service, err)
	}
	return openDatabase("sqlite", "file:"+file+"?mode=rw&_pragma=busy_timeout(5000)", service)
}

// sqlText escapes a text for a statement that a person runs.
func sqlText(s string) string { return strings.ReplaceAll(s, "'", "''") }

func openDatabase(driver, name, service string) (store, error) {
	db, err := sql.Open(driver, name)
	if err != nil {
		return nil, fmt.Errorf("open the database of %s: %w", service, err)
	}
	return &database{db, service}, nil
}

func (d *database) close() error { return d.Close() }

// scan reads all rows: a database of a worker is small enough, and a response is encoded.
func (d *database) scan(ctx context.Context, _ string, document, record func(string, []byte) ([]byte, error)) (documents, records []entry, err error) {
	documents, err = d.rows(ctx, `SELECT id, version, body FROM inbox_documents ORDER BY id`, document, func(string) age { return 0 })
	if err != nil {
		return nil, nil, err
	}
	records, err = d.rows(ctx, `SELECT id, expires, record FROM inbox_records WHERE id LIKE '`+d.service+`/%' ORDER BY id`, record, func(expires string) age {
		seconds, _ := strconv.ParseInt(expires, 10, 64) // the column is a number
		return ageOf(seconds)
	})
	return documents, records, err
}

func (d *database) rows(ctx context.Context, query string, after func(string, []byte) ([]byte, error), old func(string) age) (found []entry, err error) {
	rows, err := d.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found = []entry{}
	for rows.Next() {
		var e entry
		if err := rows.Scan(&e.Key, &e.version, &e.before); err != nil {
			return nil, err
		}
		changed, err := after(e.Key, []byte(e.before))
		if err != nil {
			return nil, fmt.Errorf("row %s: %w", e.Key, err)
		}
		if e.after, e.age = string(changed), old(e.version); e.after != e.before {
			found = append(found, e)
		}
	}
	return found, rows.Err()
}

// replace writes a row unless it has changed.
func (d *database) replace(ctx context.Context, e entry, document bool) (bool, error) {
	statement := `UPDATE inbox_records SET record = $1 WHERE id = $2 AND record = $3`
	if document {
		statement = `UPDATE inbox_documents SET body = $1, version = version + 1 WHERE id = $2 AND body = $3`
	}
	result, err := d.ExecContext(ctx, statement, e.after, e.Key, e.before)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}
