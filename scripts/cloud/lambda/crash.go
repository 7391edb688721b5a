package lambda

import (
	"context"
	"encoding/json"
	"errors"
)

// errCrashed is the cause of an invocation's end if Options.Crashes kills its process.
var errCrashed = errors.New("killed on purpose")

// crash sets a deadline for an invocation if Options.Crashes says so. Its environment is killed then, as after a
// timeout. An invocation that ends earlier succeeds, but its environment is killed all the same.
func (in *instance) crash(ctx context.Context) (_ context.Context, cancel func()) {
	s := in.pool.service
	if s.Crashes == nil {
		return ctx, func() {}
	}
	after, crashes := s.Crashes(in.pool.name)
	if !crashes {
		return ctx, func() {}
	}
	in.doomed = true
	return context.WithTimeoutCause(ctx, after, errCrashed)
}

// crashed returns the failure of a killed process, in the form of a process that exited by itself.
func crashed(requestID string) *Failure {
	payload, _ := json.Marshal(map[string]string{ // strings always marshal
		"errorType":    "Runtime.ExitError",
		"errorMessage": "RequestId: " + requestID + " Error: Runtime exited with error: signal: killed",
	})
	return &Failure{Type: "Runtime.ExitError", Payload: payload, Spent: true}
}
