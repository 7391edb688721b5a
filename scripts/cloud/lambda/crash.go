package lambda

import (
	"context"
	"encoding/json"
	"errors"
)

// errCrashed ends an invocation whose process is to be killed.
var errCrashed = errors.New("killed on purpose")

// crash gives up an invocation when Options.Crashes says so; its environment is then killed, as one that has timed out is.
// One that answers sooner is killed all the same, once it has.
func (in *instance) crash(ctx context.Context) (_ context.Context, spare func()) {
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

// crashed is the failure of a process that was killed, as it is reported of one that ends by itself.
func crashed(requestID string) *Failure {
	payload, _ := json.Marshal(map[string]string{ // of strings: cannot fail
		"errorType":    "Runtime.ExitError",
		"errorMessage": "RequestId: " + requestID + " Error: Runtime exited with error: signal: killed",
	})
	return &Failure{Type: "Runtime.ExitError", Payload: payload, Spent: true}
}
