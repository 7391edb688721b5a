package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Runner starts execution environments. Package process starts processes; a simulation can call handlers directly.
type Runner interface {
	// Start returns an environment that is ready for its first invocation. An error of the function itself is a
	// *Failure. The context limits the wait, not the life of the environment.
	Start(ctx context.Context, spec Spec) (Environment, error)
}

// Spec describes an environment.
type Spec struct {
	ARN       string
	Directory string            // contains the code; the program is called bootstrap
	Variables map[string]string // all environment variables except AWS_LAMBDA_RUNTIME_API
	Log       func(line string) // receives the output line by line, never concurrently
}

// Environment runs a function, one invocation at a time.
type Environment interface {
	// Invoke returns the function's response, after everything that it wrote has been logged. An error is a *Failure,
	// ErrEnded, or the context's error; the context's deadline is the function's.
	Invoke(ctx context.Context, invocation Invocation) ([]byte, error)
	// Alive reports whether it can run another invocation.
	Alive() bool
	// MemoryUsed returns the peak memory so far, in MB, or 0 if unknown.
	MemoryUsed() int
	// Close ends the environment and waits for it. Further calls do nothing.
	Close()
}

// Invocation is one call of a function.
type Invocation struct {
	RequestID     string
	Payload       []byte
	Deadline      time.Time
	TraceID       string // X-Amzn-Trace-Id
	ClientContext string // JSON in base64, as the client sent it
}

// ErrEnded means that an environment ended before it received the invocation, so another one may run it.
var ErrEnded = errors.New("the environment ended before it received the invocation")

// Failure is the error of a function that returned an error, exited or timed out.
type Failure struct {
	Type    string // "Runtime.ExitError", or the function's own error type
	Payload []byte // as the caller receives it: {"errorMessage": …}
	Spent   bool   // the environment cannot be reused
	Init    bool   // it failed to initialize
}

// Error returns the function's message, or the whole payload of a function that has its own form of errors.
func (f *Failure) Error() string {
	var payload struct{ ErrorMessage string }
	if json.Unmarshal(f.Payload, &payload) != nil || payload.ErrorMessage == "" {
		return fmt.Sprintf("the function failed: %.500s", f.Payload)
	}
	return fmt.Sprintf("the function failed: %.500s", strings.TrimPrefix(payload.ErrorMessage, "Error: "))
}
