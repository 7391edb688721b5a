package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"example.com/localcloud/requestid"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// Call requests one invocation.
type Call struct {
	Function      string // name or ARN
	RequestID     string // "" for a new one; all retries of an event share one
	Payload       []byte
	TraceID       string // X-Amzn-Trace-Id; "" for a new one
	ClientContext string // JSON in base64
	From          string // ARN of the caller, for the tap
}

// Outcome is the result of an invocation.
type Outcome struct {
	RequestID string
	Payload   []byte
	Failure   *Failure // of the function; Payload contains it too
	Log       []byte   // the last 4 KB of its log
}

// Run invokes a function and waits for it. An error means that the function did not run; the function's own error is
// in the outcome. Run checks no permissions.
func (s *Service) Run(call Call) (*Outcome, error) {
	if !s.begin() {
		return nil, errClosing
	}
	defer s.end()
	if call.RequestID == "" {
		call.RequestID = requestid.New()
	}
	p, leave, err := s.admit(call.Function)
	if err != nil {
		return nil, err
	}
	defer leave()
	s.Tap.Tell(tap.Hop{Kind: tap.Invoked, Resource: arnOf(p.name), From: call.From, MessageID: call.RequestID, Body: call.Payload})
	outcome, err := p.run(call)
	s.Tap.Tell(tap.Hop{Kind: tap.Returned, Resource: arnOf(p.name), From: call.From, MessageID: call.RequestID, Note: note(outcome, err), Body: outcome.body()})
	return outcome, err
}

// Warm starts an environment for a function's next invocation, unless one is idle. Its error says why there is none,
// and log is the end of what the environment wrote.
func (s *Service) Warm(reference string) (log []byte, err error) {
	if !s.begin() {
		return nil, errClosing
	}
	defer s.end()
	p, leave, err := s.admit(reference)
	if err != nil {
		return nil, err
	}
	defer leave()
	in, err := p.take(s.closing)
	log = in.copyTail()
	p.give(in, err != nil)
	return log, err
}

func note(outcome *Outcome, err error) string {
	if err != nil {
		return err.Error()
	}
	if outcome.Failure != nil {
		return outcome.Failure.Error()
	}
	return ""
}

func (o *Outcome) body() []byte {
	if o == nil {
		return nil
	}
	return o.Payload
}

// admit returns a function's pool and counts the invocation until the returned function is called.
func (s *Service) admit(reference string) (*pool, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(reference)
	if err != nil {
		return nil, nil, err
	}
	if err := f.throttle(); err != nil {
		return nil, nil, err
	}
	f.running++
	p := f.pool
	p.enter()
	return p, func() {
		s.mu.Lock()
		f.running--
		s.mu.Unlock()
		p.leave()
	}, nil
}

// throttle rejects an invocation that exceeds the function's concurrency.
func (f *function) throttle() error {
	limit, reason := maxConcurrency, "ConcurrentInvocationLimitExceeded"
	if f.reserved != nil {
		limit, reason = *f.reserved, "ReservedFunctionConcurrentInvocationLimitExceeded"
	}
	if f.running < limit {
		return nil
	}
	return &wire.Error{Code: "TooManyRequestsException", Message: "Rate Exceeded.", Status: http.StatusTooManyRequests,
		Members: map[string]any{"Reason": reason}}
}

// run runs an invocation in an environment of the pool.
func (p *pool) run(call Call) (*Outcome, error) {
	in, err := p.take(p.service.closing)
	in.log("START RequestId: " + call.RequestID + " Version: " + latest)
	began := time.Now()
	var payload []byte
	if err == nil {
		payload, err = in.invoke(call)
	}
	if errors.Is(err, ErrEnded) && !in.fresh {
		in.close()
		return p.run(call) // ends, because each attempt uses up an idle environment
	}
	took := time.Since(began)
	failure, isFailure := errors.AsType[*Failure](err)
	in.report(call.RequestID, took, failure)
	p.give(in, in.doomed || err != nil && (!isFailure || failure.Spent))
	switch {
	case p.service.closing.Err() != nil:
		return nil, errClosing
	case err != nil && !isFailure:
		return nil, fmt.Errorf("invoke %s: %w", p.name, err)
	case isFailure:
		payload = failure.Payload
	}
	return &Outcome{RequestID: call.RequestID, Payload: payload, Failure: failure, Log: in.takeTail()}, nil
}

// invoke calls the environment, with the function's timeout.
func (in *instance) invoke(call Call) ([]byte, error) {
	settings := in.pool.settings
	timeout := time.Duration(*settings.Timeout) * time.Second
	ctx, cancel := context.WithTimeout(in.pool.service.closing, timeout)
	defer cancel()
	deadline, _ := ctx.Deadline()
	ctx, cancelCrash := in.crash(ctx)
	defer cancelCrash()
	payload, err := in.Invoke(ctx, Invocation{
		RequestID: call.RequestID, Payload: call.Payload, Deadline: deadline,
		TraceID: traceID(call.TraceID, settings.TracingConfig.Mode), ClientContext: call.ClientContext,
	})
	if errors.Is(context.Cause(ctx), errCrashed) && err != nil {
		return nil, crashed(call.RequestID)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		in.log(fmt.Sprintf("%s %s Task timed out after %.2f seconds", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), call.RequestID, timeout.Seconds()))
		return nil, timedOut(call.RequestID, timeout)
	}
	return payload, err
}

func timedOut(requestID string, timeout time.Duration) *Failure {
	payload, _ := json.Marshal(map[string]string{ // strings always marshal
		"errorType":    "Sandbox.Timedout",
		"errorMessage": fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", requestID, timeout.Seconds()),
	})
	return &Failure{Type: "Sandbox.Timedout", Payload: payload, Spent: true}
}
