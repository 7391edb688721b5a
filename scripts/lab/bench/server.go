package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/workers"
	"example.com/troupe/scripts/lab/bench/null"
)

// nullCommand makes this program the null server: it runs in its own process, so that its CPU time can be measured.
const nullCommand = "null"

// endpointLine begins the line in which a server prints its address.
const endpointLine = "AWS endpoint "

// server is a running server in its own process. The caller must stop it.
type server struct {
	process  *workers.Process
	endpoint string
	ready    time.Duration // from its start to its first response
}

// build builds the local cloud's command into a folder and returns its path.
func build(ctx context.Context, root, folder string) (string, error) {
	path := filepath.Join(folder, "local")
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, "./scripts/local")
	command.Dir = root
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the local cloud: %w\n%s", err, output)
	}
	return path, nil
}

func startCloud(ctx context.Context, path string) (*server, error) {
	return startServer(ctx, path, "cloud", "-addr", "127.0.0.1:0")
}

// startNull starts a null server with a script in a file.
func startNull(ctx context.Context, folder string, script null.Script) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(script)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "script.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		return nil, err
	}
	return startServer(ctx, self, nullCommand, file)
}

// startServer starts a program and waits for its first response.
func startServer(ctx context.Context, path string, arguments ...string) (*server, error) {
	endpoints := make(chan string, 1)
	began := time.Now()
	process, err := workers.Start(workers.Spec{
		Name: filepath.Base(path) + " " + arguments[0], Path: path, Args: arguments, Env: os.Environ(),
		Line: func(line []byte) {
			if endpoint, ok := strings.CutPrefix(string(line), endpointLine); ok {
				endpoints <- strings.TrimSpace(endpoint)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	s := &server{process: process}
	select {
	case s.endpoint = <-endpoints:
	case <-process.Exited():
		_, err = process.Ready(ctx) // the error includes its output
		return nil, err
	case <-ctx.Done():
		return nil, s.stop(ctx.Err())
	}
	response, err := http.Get(s.endpoint)
	if err != nil {
		return nil, s.stop(err)
	}
	s.ready = time.Since(began)
	return s, response.Body.Close()
}

// stop stops the server and returns err or, if that is nil, its own error.
func (s *server) stop(err error) error {
	if stopping := s.process.Stop(); err == nil {
		return stopping
	}
	return err
}
