package sqlstore_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/sqlstore"
)

const jobs = `CREATE TABLE jobs (id TEXT PRIMARY KEY)`

// addJob is a service's own driver.
func addJob(ctx context.Context, id string) error {
	_, err := sqlstore.From(ctx).ExecContext(ctx, `INSERT INTO jobs (id) VALUES ($1)`, id)
	return err
}

func countJobs(t *testing.T, s *sqlstore.Store) (n int) {
	t.Helper()
	_, err := s.Try(t.Context(), "count "+t.Name(), func(ctx context.Context, _ *eventing.Tx) error {
		return errors.Join(sqlstore.From(ctx).QueryRowContext(ctx, `SELECT count(*) FROM jobs`).Scan(&n), errCounted)
	})
	if err != nil && !errors.Is(err, errCounted) {
		t.Fatal(err)
	}
	return n
}

var errAny = errors.New("any")

var errCounted = errors.New("counted; nothing to commit")

func TestOwnTablesAreInTheTransaction(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) string) {
		s := open(t, fresh(t))
		if err := s.Migrate(t.Context(), jobs); err != nil {
			t.Fatal(err)
		}
		add := func(key, id string, failure error) error {
			_, err := s.Try(t.Context(), key, func(ctx context.Context, _ *eventing.Tx) error {
				return errors.Join(addJob(ctx, id), failure)
			})
			return err
		}
		no := errors.New("no")
		for _, step := range []struct {
			key, id      string
			failure, err error
			jobs         int
		}{
			{"unit 1", "a", no, no, 0},
			{"unit 1", "a", nil, nil, 1},
			{"unit 1", "b", nil, inbox.ErrDuplicate, 1},
			{"unit 2", "a", nil, errAny, 1}, // what its table refuses is for the handler to say
			{"unit 2", "b", nil, nil, 2},
		} {
			err := add(step.key, step.id, step.failure)
			if conflict := errors.Is(err, inbox.ErrConflict); conflict || !errors.Is(err, step.err) && (err == nil || step.err != errAny) {
				t.Errorf("%s adds %s: %v; want %v", step.key, step.id, err, step.err)
			}
			if n := countJobs(t, s); n != step.jobs {
				t.Errorf("after %s added %s there are %d jobs; want %d", step.key, step.id, n, step.jobs)
			}
		}
	})
	if err := addJob(t.Context(), "c"); !errors.Is(err, sqlstore.ErrOutside) {
		t.Errorf("outside of a unit of work: %v; want ErrOutside", err)
	}
}

// TestServicesShareADatabase: the record of one service is not that of another, nor are the
// statements of its own tables.
func TestServicesShareADatabase(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) string) {
		url, runs := fresh(t), 0
		for i, service := range []string{"tower", "mill", "tower"} {
			s, err := sqlstore.Opener("CREATE TABLE of_"+service+" (id TEXT PRIMARY KEY)")(t.Context(), url, service)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			_, repeated, err := inbox.Do(t.Context(), s, "bell.rung.v1/e", func(context.Context, *eventing.Tx) error { runs++; return nil })
			if err != nil || repeated != (i == 2) {
				t.Errorf("%s: repeated: %t, %v", service, repeated, err)
			}
		}
		if runs != 2 {
			t.Errorf("%d runs for two services", runs)
		}
	})
}

// TestEarlierTables opens a database of an earlier version, whose records had no service.
func TestEarlierTables(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) string) {
		url := fresh(t)
		s := open(t, url)
		if err := s.Migrate(t.Context(), jobs); err != nil {
			t.Fatal(err)
		}
		work := func(statements ...string) eventing.Work {
			return func(ctx context.Context, _ *eventing.Tx) error {
				for _, statement := range statements {
					if _, err := sqlstore.From(ctx).ExecContext(ctx, statement); err != nil {
						return err
					}
				}
				return nil
			}
		}
		if _, err := s.Try(t.Context(), "e", work("SELECT 1")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Try(t.Context(), "go back", work(
			`DELETE FROM inbox_migrations WHERE owner = 'inbox' AND position IN (4, 5)`,
			`UPDATE inbox_migrations SET owner = 'service' WHERE owner = 'service/tower'`,
			`UPDATE inbox_records SET id = 'e' WHERE id = 'tower/e'`)); err != nil {
			t.Fatal(err)
		}
		again := open(t, url)
		if err := again.Migrate(t.Context(), jobs); err != nil {
			t.Errorf("its statements have run: %v", err)
		}
		if record, err := again.Find(t.Context(), "e"); record == nil || err != nil {
			t.Errorf("the record is lost: %v", err)
		}
	})
}

func TestMigrate(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) string) {
		s := open(t, fresh(t))
		const column, wrong = `ALTER TABLE jobs ADD COLUMN note TEXT`, `CREATE TABLE`
		for _, step := range []struct {
			name       string
			statements []string
			ok         bool
		}{
			{"a wrong statement undoes all", []string{jobs, wrong}, false},
			{"first", []string{jobs}, true},
			{"again", []string{jobs}, true},
			{"appended", []string{jobs, column}, true},
			{"an older version of the service", []string{jobs}, true},
		} {
			if err := s.Migrate(t.Context(), step.statements...); (err == nil) != step.ok {
				t.Errorf("%s: %v", step.name, err)
			}
		}
		err := s.Migrate(t.Context(), jobs, column+" NOT NULL")
		if e, ok := errors.AsType[*sqlstore.MigrationError](err); !ok || e.Position != 2 {
			t.Errorf("a changed statement: %v; want a MigrationError at 2", err)
		}
	})
}

// TestWorkersStartTogether opens one empty database many times at once, as so many
// workers do, and then has them meet at one document.
func TestWorkersStartTogether(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) string) {
		url := fresh(t)
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				s, err := sqlstore.Opener(jobs)(t.Context(), url, "tower")
				if err != nil {
					t.Errorf("worker %d: %v", i, err)
					return
				}
				defer s.Close()
				work := func(ctx context.Context, _ *eventing.Tx) error { return addJob(ctx, "only one") }
				if _, _, err := inbox.Do(t.Context(), s, "unit", work); err != nil {
					t.Errorf("worker %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := countJobs(t, open(t, url)); n != 1 {
			t.Errorf("there are %d jobs; want 1", n)
		}
	})
}

func TestExpiredRecordsAreSwept(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) string) {
		s := open(t, fresh(t))
		unit := func(key, statement string) {
			t.Helper()
			_, err := s.Try(t.Context(), key, func(ctx context.Context, _ *eventing.Tx) error {
				_, err := sqlstore.From(ctx).ExecContext(ctx, statement)
				return err
			})
			if err != nil {
				t.Fatalf("%s: %v", key, err)
			}
		}
		left := func() (n int) {
			for _, key := range []string{"a", "b", "c", "d", "e"} {
				if record, err := s.Find(t.Context(), key); err != nil {
					t.Fatal(err)
				} else if record != nil {
					n++
				}
			}
			return n
		}
		for _, key := range []string{"a", "b", "c", "d", "e"} {
			unit(key, "SELECT 1")
		}
		unit("years pass", `UPDATE inbox_records SET expires = 1 WHERE id IN ('tower/a', 'tower/b', 'tower/c', 'tower/d')`)
		if n := left(); n != 3 {
			t.Errorf("%d records are left after the first sweep; want 3: two of four expired ones go at once", n)
		}
		unit("the next", "SELECT 1")
		if n := left(); n != 1 {
			t.Errorf("%d records are left; want the one that has not expired", n)
		}
	})
}
