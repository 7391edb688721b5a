//go:build chaos && linux

package chaos_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// postgres is a PostgreSQL server that survives SIGKILL: it writes each commit to its log at once, without syncing to
// disk, because the machine doesn't crash.
type postgres struct {
	program, folder string
	as              *syscall.SysProcAttr
	process         *exec.Cmd
}

// startPostgres starts an empty server, which the test stops at its end.
func startPostgres(t *testing.T) *postgres {
	t.Helper()
	initdb, err := exec.LookPath("initdb")
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); err != nil && len(found) > 0 {
		initdb, err = found[len(found)-1], nil
	}
	if err != nil {
		t.Fatal("PostgreSQL is not installed: apt-get install -y postgresql")
	}
	db := &postgres{program: filepath.Join(filepath.Dir(initdb), "postgres")}
	if db.folder, err = os.MkdirTemp("", "chaos-"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(db.folder) })
	if db.as, err = unprivileged(db.folder); err != nil {
		t.Fatal(err)
	}
	create := exec.Command(initdb, "--pgdata="+db.folder, "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
	create.SysProcAttr, create.Dir = db.as, db.folder
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	if err := db.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.end(syscall.SIGQUIT) })
	return db
}

// unprivileged makes a process run as a user other than root, which PostgreSQL requires, and makes that user the
// owner of a folder. On Linux the process dies with the test.
func unprivileged(folder string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGQUIT}, nil
	}
	as, err := user.Lookup("postgres")
	if err != nil {
		as, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.Atoi(as.Uid)
	gid, err2 := strconv.Atoi(as.Gid)
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGQUIT, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}},
		errors.Join(err1, err2, os.Chown(folder, uid, gid))
}

// start starts the server and waits until it responds. If its predecessor was killed, it waits for that one's
// children, which end soon.
func (db *postgres) start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return until(ctx, "PostgreSQL", func() (bool, error) {
		db.process = exec.Command(db.program, "-D", db.folder, "-k", db.folder, "-c", "listen_addresses=", "-c", "fsync=off")
		db.process.SysProcAttr, db.process.Dir = db.as, db.folder
		if err := db.process.Start(); err != nil {
			return false, err
		}
		if db.answers(ctx) == nil {
			return true, nil
		}
		db.end(syscall.SIGKILL)
		return false, nil
	})
}

// answers waits a few seconds for the server to respond.
func (db *postgres) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	client, err := sql.Open("pgx", db.url("postgres"))
	if err != nil {
		return err
	}
	defer client.Close()
	return until(ctx, "an answer of PostgreSQL", func() (bool, error) { return client.PingContext(ctx) == nil, nil })
}

// end sends a signal to the server and waits until it has ended. SIGKILL is sent to its children as well.
func (db *postgres) end(signal syscall.Signal) {
	_ = syscall.Kill(-db.process.Process.Pid, signal)
	_ = db.process.Wait()
}

// create creates a database.
func (db *postgres) create(ctx context.Context, name string) error {
	client, err := sql.Open("pgx", db.url("postgres"))
	if err != nil {
		return err
	}
	defer client.Close()
	_, err = client.ExecContext(ctx, `CREATE DATABASE "`+name+`"`)
	return err
}

// url returns the URL of a database.
func (db *postgres) url(name string) string {
	query := url.Values{"host": {db.folder}, "user": {"postgres"}}
	return (&url.URL{Scheme: "postgres", Path: "/" + name, RawQuery: query.Encode()}).String()
}
