package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"example.com/troupe/events/manifest"
	compiler "example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

const (
	starts    = 15               // of each function, in turn
	hello     = "hello world"    // the function that the others are compared with
	startTime = 20 * time.Second // for a function that doesn't start
)

// functions measures how long each function takes from the start of its process to its first request for an invocation,
// which Lambda counts as the initialisation, beside that of Go's hello world.
func (r *session) functions(ctx context.Context) error {
	declared, err := stack.Load(r.root)
	if err != nil {
		return err
	}
	wired, err := declared.Local(topology.Names{Project: stack.Project, Env: stack.Env, Region: "us-east-1", Account: "000000000000"}, nil)
	if err != nil {
		return err
	}
	environments := map[string][]string{hello: nil}
	names, arguments := []string{hello}, append(slices.Clone(compiler.Deployed), "-o", r.folder+string(filepath.Separator))
	for _, s := range wired.Services {
		if s.Runtime != manifest.Lambda {
			continue
		}
		names, arguments = append(names, s.Name), append(arguments, "./services/"+s.Name)
		environments[s.Name] = functionEnvironment(s)
	}
	environment := append(os.Environ(), "CGO_ENABLED=0")
	r.progress("building %d functions", len(names)-1)
	if len(names) > 1 {
		if err := compiler.Go(ctx, r.root, environment, arguments...); err != nil {
			return err
		}
	}
	path := filepath.Join(r.folder, hello)
	if err := compiler.Go(ctx, filepath.Join(r.root, "scripts/lab"), environment, append(slices.Clone(compiler.Deployed), "-o", path, "./bench/hello")...); err != nil {
		return err
	}
	took := map[string]sample{}
	for i := range min(starts, r.scale.repeats*starts/whole.repeats) {
		r.progress("start of functions: %d of %d", i+1, starts)
		for _, name := range names {
			ready, err := firstRequest(ctx, filepath.Join(r.folder, name), environments[name])
			if err != nil {
				return fmt.Errorf("start %s: %w", name, err)
			}
			took[name] = append(took[name], float64(ready)/float64(time.Millisecond))
		}
	}
	for _, name := range names {
		binary, err := os.ReadFile(filepath.Join(r.folder, name))
		if err != nil {
			return err
		}
		packed, err := compiler.Pack(binary, "")
		if err != nil {
			return err
		}
		r.report.function(name, took[name], took[hello], float64(len(binary))/1e6, float64(len(packed))/1e6)
	}
	return nil
}

// functionEnvironment returns what Lambda sets, too. Nothing behind these addresses is asked before the first invocation.
func functionEnvironment(s topology.Service) []string {
	environment := []string{
		"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=key", "AWS_ENDPOINT_URL=http://127.0.0.1:1",
		"QUEUE_URL=http://127.0.0.1:1/queue", "DEAD_LETTER_QUEUE_URL=http://127.0.0.1:1/dead-letters",
	}
	for name, value := range s.Environment {
		environment = append(environment, name+"="+value)
	}
	return environment
}

// firstRequest starts a function, and returns how long it takes until it asks for an invocation.
func firstRequest(ctx context.Context, path string, environment []string) (took time.Duration, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	asked := make(chan struct{}, 1)
	server := &http.Server{ReadHeaderTimeout: startTime, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/runtime/invocation/next") {
			asked <- struct{}{}
		}
		<-r.Context().Done() // there is none
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() {
		err = errors.Join(err, server.Close())
		<-served
	}()
	var problems strings.Builder
	command := exec.CommandContext(ctx, path)
	command.Env = append(environment, "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String(), "AWS_LAMBDA_FUNCTION_NAME="+filepath.Base(path))
	command.Stdout, command.Stderr = &problems, &problems
	began := time.Now()
	if err := command.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	limit := time.NewTimer(startTime)
	defer limit.Stop()
	select {
	case <-asked:
		took = time.Since(began)
	case err := <-ended:
		return 0, fmt.Errorf("it ended before it asked for an invocation: %w\n%s", err, problems.String())
	case <-limit.C:
		err = fmt.Errorf("it asked for no invocation within %s", startTime)
	}
	_ = command.Process.Kill()
	<-ended
	return took, err
}
