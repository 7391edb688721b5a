// Package workers runs services as processes that poll their queues, as ECS does on AWS.
//
// No process is left behind: each runs in its own process group, which is killed at the end, and on Linux it dies
// with this process.
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

// Grace is how long a process may take to finish its work after SIGTERM.
const Grace = 10 * time.Second

// Spec describes the process to run.
type Spec struct {
	Name string            // the service
	Path string            // its binary
	Args []string          // its arguments
	Dir  string            // its working directory
	Env  []string          // its complete environment, as "NAME=value"
	Line func(line []byte) // receives each line of its output, without the newline; must not keep it
}

// Process is a running service.
type Process struct {
	spec    Spec
	command *exec.Cmd
	exited  chan struct{}
	err     error // the error of the exit; read it after exited is closed

	mu      sync.Mutex
	ready   chan struct{}
	address string
	last    []string // the latest lines that aren't JSON, for the error
}

// Start starts a process. The caller must stop it.
func Start(spec Spec) (*Process, error) {
	p := &Process{spec: spec, exited: make(chan struct{}), ready: make(chan struct{})}
	output := &lines{take: p.line}
	p.command = &exec.Cmd{
		Path: spec.Path, Args: append([]string{spec.Path}, spec.Args...), Dir: spec.Dir, Env: spec.Env,
		Stdout: output, Stderr: output, // a single writer: exec copies to it from one goroutine
		SysProcAttr: attributes(),
		WaitDelay:   time.Second, // in case a grandchild keeps the pipe open
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", spec.Name, err)
	}
	go func() {
		defer close(p.exited)
		p.err = p.command.Wait()
		p.killGroup() // any processes that it left running
		output.flush()
	}()
	return p, nil
}

// Exited returns a channel that is closed when the process has ended for any reason.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Pid returns the process's id.
func (p *Process) Pid() int { return p.command.Process.Pid }

// Ready waits until the service logs that it is ready, and returns the address of its HTTP API, or "" if it has none.
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

// Stop lets the process finish its work, and kills it after Grace. It returns when the process has ended, with an
// error if it was killed or failed.
func (p *Process) Stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM) // fails if it has ended already
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
		return fmt.Errorf("%s failed on exit: %w\n%s", p.spec.Name, p.err, p.tail())
	}
	return nil
}

// Kill kills the process group with SIGKILL and waits for the process.
func (p *Process) Kill() {
	p.killGroup()
	<-p.exited
}

// killGroup kills the process and everything that it started.
func (p *Process) killGroup() { _ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL) }

// line inspects one line of output and passes it on.
func (p *Process) line(line []byte) {
	p.look(line)
	if p.spec.Line != nil {
		p.spec.Line(line)
	}
}

// maxTail is the number of latest lines in an error.
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

// StopAll stops processes concurrently.
func StopAll(processes ...*Process) error {
	failures := make([]error, len(processes))
	var wg sync.WaitGroup
	for i, p := range processes {
		wg.Go(func() { failures[i] = p.Stop() })
	}
	wg.Wait()
	return errors.Join(failures...)
}
