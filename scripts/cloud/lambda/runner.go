package lambda

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Runner starts execution environments: package process does so with processes, and a
// simulation may call handlers directly.
type Runner interface {
	// Start returns an environment that is ready for its first invocation. An error of
	// the function itself is a *Failure. The context ends the wait, not the environment.
	Start(ctx context.Context, spec Spec) (Environment, error)
}

// Spec is what an environment is made of.
type Spec struct {
	ARN       string
	Directory string            // where the code lies; the program is called bootstrap
	Variables map[string]string // all of its environment but AWS_LAMBDA_RUNTIME_API
	Log       func(line string) // takes its output, line by line, from one goroutine at a time
}

// Environment runs a function, one invocation at a time.
type Environment interface {
	// Invoke returns what the function answers, after all it wrote until then was logged. An
	// error is a *Failure, ErrEnded, or the context's, whose deadline is the function's.
	Invoke(ctx context.Context, invocation Invocation) ([]byte, error)
	// Alive tells whether it can take an invocation.
	Alive() bool
	// MemoryUsed returns the most that was in use so far, in MB; 0 where it is not known.
	MemoryUsed() int
	// Close ends the environment and waits for that. Calling it again is harmless.
	Close()
}

// Invocation is one call of a function.
type Invocation struct {
	RequestID     string
	Payload       []byte
	Deadline      time.Time
	TraceID       string // X-Amzn-Trace-Id
	ClientContext string // JSON, as the client sent it in base64
}

// ErrEnded says that an environment ended before it took the invocation: another one may run it.
var ErrEnded = errors.New("the environment ended before it took the invocation")

// Failure is the error of a function: it failed, exited, or timed out.
type Failure struct {
	Type    string // "Runtime.ExitError", or what the function says
	Payload []byte // as the caller gets it: {"errorMessage": …}
	Spent   bool   // its environment cannot be used again
	Init    bool   // it never began to serve
}

func (f *Failure) Error() string { return fmt.Sprintf("the function failed: %.500s", f.Payload) }
