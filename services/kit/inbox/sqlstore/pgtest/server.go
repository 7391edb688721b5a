package pgtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

var errNotInstalled = errors.New("PostgreSQL is not installed")

// server is a running PostgreSQL.
type server struct {
	folder string // its data and its socket
	cmd    *exec.Cmd
	done   chan error
}

// startServer makes a data folder, starts a server over it and waits until it takes
// connections.
func startServer() (_ *server, err error) {
	initdb, err := find("initdb")
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	attributes, err := attributes(folder)
	if err != nil {
		return nil, err
	}
	create := exec.Command(initdb, "--pgdata="+folder, "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
	create.SysProcAttr, create.Dir = attributes, folder
	if output, err := create.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, output)
	}
	// The resolved path: postgres finds its own files next to its binary.
	cmd := exec.Command(filepath.Join(filepath.Dir(initdb), "postgres"), "-D", folder, "-k", folder,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	cmd.SysProcAttr, cmd.Dir = attributes, folder
	s := &server{folder: folder, cmd: cmd, done: make(chan error, 1)}
	if err := s.start(); err != nil {
		return nil, err
	}
	started.Store(s)
	return s, nil
}

// start runs the server from a thread that lives as long as it does: the kernel ends
// the child with the thread that started it, even where the tests are killed.
func (s *server) start() error {
	log, err := s.cmd.StderrPipe()
	if err != nil {
		return err
	}
	ready := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if err := s.cmd.Start(); err != nil {
			ready <- err
			return
		}
		ready <- awaitReady(log)
		_, _ = io.Copy(io.Discard, log)
		s.done <- s.cmd.Wait()
	}()
	return <-ready
}

// awaitReady reads the server's log until it says that it takes connections.
func awaitReady(log io.Reader) error {
	var lines []string
	for scanner := bufio.NewScanner(log); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if strings.Contains(scanner.Text(), "ready to accept connections") {
			return nil
		}
	}
	return fmt.Errorf("PostgreSQL did not start:\n%s", strings.Join(lines, "\n"))
}

// stop ends the server at once: its data is not needed any more.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		return err
	}
	<-s.done // postgres exits with an error after an immediate shutdown
	return os.RemoveAll(s.folder)
}

// find returns the path of one of PostgreSQL's programs: from PATH, or from where Debian,
// Homebrew and others install it.
func find(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return filepath.EvalSymlinks(path)
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/", "/usr/pgsql-*/bin/", "/opt/homebrew/opt/postgresql*/bin/", "/usr/local/opt/postgresql*/bin/"} {
		if paths, _ := filepath.Glob(pattern + program); len(paths) > 0 {
			return paths[len(paths)-1], nil
		}
	}
	return "", errNotInstalled
}
