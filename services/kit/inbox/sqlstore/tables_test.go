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
			{"unit 2", "a", nil, inbox.ErrConflict, 1}, // another unit of work has added it meanwhile
			{"unit 2", "b", nil, nil, 2},
		} {
			if err := add(step.key, step.id, step.failure); !errors.Is(err, step.err) {
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
				s, err := sqlstore.Opener(jobs)(t.Context(), url)
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
		unit("years pass", `UPDATE inbox_records SET expires = 1 WHERE id IN ('a', 'b', 'c', 'd')`)
		if n := left(); n != 3 {
			t.Errorf("%d records are left after the first sweep; want 3: two of four expired ones go at once", n)
		}
		unit("the next", "SELECT 1")
		if n := left(); n != 1 {
			t.Errorf("%d records are left; want the one that has not expired", n)
		}
	})
}
