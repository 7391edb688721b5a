// Package workers runs services as processes that poll their queues: what ECS does
// on AWS.
//
// Whatever happens, nothing is left behind: a process has a group of its own, which is
// killed as a whole in the end, and on Linux it dies with this one.
package workers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Grace is how long a process may take to finish what it holds after SIGTERM.
const Grace = 10 * time.Second

// Spec is what to run.
type Spec struct {
	Name string            // the service
	Path string            // its binary
	Dir  string            // where it runs
	Env  []string          // all of its environment, as "NAME=value"
	Line func(line []byte) // takes each line of its output, without the newline; not kept
}

// Process is a service that runs.
type Process struct {
	spec    Spec
	command *exec.Cmd
	exited  chan struct{}
	err     error // of the exit; read after exited

	mu      sync.Mutex
	ready   chan struct{}
	address string
	last    []string // the latest lines that are no JSON, for the error
}

// Start starts a process. It must be stopped.
func Start(spec Spec) (*Process, error) {
	p := &Process{spec: spec, exited: make(chan struct{}), ready: make(chan struct{})}
	output := &lines{take: p.line}
	p.command = &exec.Cmd{
		Path: spec.Path, Args: []string{spec.Path}, Dir: spec.Dir, Env: spec.Env,
		Stdout: output, Stderr: output, // one writer: exec copies to it from one goroutine
		SysProcAttr: attributes(),
		WaitDelay:   time.Second, // for a grandchild that keeps the pipe open
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", spec.Name, err)
	}
	go func() {
		defer close(p.exited)
		p.err = p.command.Wait()
		p.killGroup() // what it started and left
		output.flush()
	}()
	return p, nil
}

// Exited is closed when the process has ended, whoever ended it.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Ready waits until the service says that it takes work, and returns the address of
// its HTTP API, "" where it has none.
func (p *Process) Ready(ctx context.Context) (address string, err error) {
	select {
	case <-p.ready:
		return p.address, nil
	case <-p.exited:
		return "", fmt.Errorf("%s ended before it was ready (%v):\n%s", p.spec.Name, p.err, p.tail())
	case <-ctx.Done():
		return "", fmt.Errorf("wait until %s is ready: %w", p.spec.Name, ctx.Err())
	}
}

// Stop lets the process finish what it holds, and kills it after Grace. It returns
// when the process is gone; an error says that it did not end by itself, or not well.
func (p *Process) Stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM) // one that is gone needs none
	timer := time.NewTimer(Grace)
	defer timer.Stop()
	select {
	case <-p.exited:
	case <-timer.C:
		p.killGroup()
		<-p.exited
		return fmt.Errorf("%s did not end within %s and was killed", p.spec.Name, Grace)
	}
	if p.err != nil {
		return fmt.Errorf("%s ended badly: %w\n%s", p.spec.Name, p.err, p.tail())
	}
	return nil
}

// Kill ends the process and all that it started with SIGKILL, and waits for it.
func (p *Process) Kill() {
	p.killGroup()
	<-p.exited
}

// killGroup ends the process and all that it started.
func (p *Process) killGroup() { _ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL) }

// line looks at one line of output before it hands it on.
func (p *Process) line(line []byte) {
	p.look(line)
	if p.spec.Line != nil {
		p.spec.Line(line)
	}
}

// maxTail is how many of the latest lines an error shows.
const maxTail = 12

func (p *Process) look(line []byte) {
	var record struct {
		Message string `json:"msg"`
		Level   string `json:"level"`
		Address string `json:"http"`
	}
	plain := json.Unmarshal(line, &record) != nil
	p.mu.Lock()
	defer p.mu.Unlock()
	if record.Message == "ready" {
		p.address = record.Address
		p.once()
	}
	if plain || record.Level == "ERROR" || record.Level == "WARN" {
		p.last = append(p.last, string(line))
		p.last = p.last[max(0, len(p.last)-maxTail):]
	}
}

func (p *Process) once() {
	select {
	case <-p.ready:
	default:
		close(p.ready)
	}
}

func (p *Process) tail() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.last, "\n")
}

// StopAll stops processes side by side.
func StopAll(processes ...*Process) error {
	failures := make([]error, len(processes))
	var wg sync.WaitGroup
	for i, p := range processes {
		wg.Go(func() { failures[i] = p.Stop() })
	}
	wg.Wait()
	return errors.Join(failures...)
}
