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

	"example.com/troupe/scripts/internal/logline"
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
	last    logline.Tail // for the error
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
		return "", fmt.Errorf("%s ended before it was ready: %w", p.spec.Name, p.Ended())
	case <-ctx.Done():
		return "", fmt.Errorf("wait until %s is ready: %w", p.spec.Name, ctx.Err())
	}
}

// Ended returns how the process ended, with the end of its log. Call it once Exited is closed.
func (p *Process) Ended() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	how := "exit status 0"
	if p.err != nil {
		how = p.err.Error()
	}
	return errors.New(strings.TrimSpace(how + "\n" + p.last.String()))
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
		return fmt.Errorf("%s failed on exit: %w", p.spec.Name, p.Ended())
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

func (p *Process) look(line []byte) {
	var record struct {
		Message string `json:"msg"`
		Address string `json:"http"`
	}
	_ = json.Unmarshal(line, &record) // plain text is not ready
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last.Add(line)
	if record.Message == "ready" {
		p.address = record.Address
		p.once()
	}
}

func (p *Process) once() {
	select {
	case <-p.ready:
	default:
		close(p.ready)
	}
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
