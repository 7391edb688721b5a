package lambda

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"example.com/localcloud/delivery"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// maxPayload is the maximum size of the payload of a synchronous request or a response, in bytes, maxEvent that of an
// asynchronous request (API reference of Invoke: 6 MB and 1 MB).
const maxPayload, maxEvent = 6 << 20, 1 << 20

// payloadLimits holds the maximum size of a payload by invocation type.
var payloadLimits = map[string]int{requestResponse: maxPayload, asynchronous: maxEvent, "DryRun": maxPayload}

// InvokeInput asks for an invocation.
type InvokeInput struct {
	FunctionName   string `json:"-" path:"FunctionName"`
	Qualifier      string `json:"-" query:"Qualifier"`
	InvocationType string `json:"-" header:"X-Amz-Invocation-Type"` // RequestResponse, Event, DryRun
	LogType        string `json:"-" header:"X-Amz-Log-Type"`        // Tail requests the end of the log
	ClientContext  string `json:"-" header:"X-Amz-Client-Context"`
	TraceID        string `json:"-" header:"X-Amzn-Trace-Id"`
	TenantID       string `json:"-" header:"X-Amz-Tenant-Id"`              // not supported
	DurableName    string `json:"-" header:"X-Amz-Durable-Execution-Name"` // not supported
	Payload        []byte `json:"-" payload:"true"`
}

func (in *InvokeInput) resource() string { return resourceOf(in.FunctionName) }

// InvokeOutput is the response of a function, or confirms that an event has been accepted.
type InvokeOutput struct {
	status  int
	outcome *Outcome
	tail    bool
}

// Respond writes the payload. Everything else is in headers.
func (o *InvokeOutput) Respond(w http.ResponseWriter) {
	header := w.Header()
	header.Set("X-Amz-Executed-Version", latest)
	if o.outcome == nil {
		wire.Respond(w, o.status, "application/json", nil)
		return
	}
	if o.outcome.Failure != nil {
		header.Set("X-Amz-Function-Error", "Unhandled")
	}
	if o.tail {
		header.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(o.outcome.Log))
	}
	wire.Respond(w, o.status, "application/json", o.outcome.Payload)
}

// Invoke runs a function and waits for its response, or accepts an event for it.
func (s *Service) Invoke(_ context.Context, in *InvokeInput) (*InvokeOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := s.exists(in.FunctionName, in.Qualifier); err != nil {
		return nil, err
	}
	if !json.Valid(orEmpty(in.Payload)) {
		return nil, wire.Errorf("InvalidRequestContentException", "Could not parse request body into json")
	}
	call := Call{Function: in.FunctionName, Payload: orEmpty(in.Payload), TraceID: in.TraceID, ClientContext: in.ClientContext}
	switch in.InvocationType {
	case requestResponse:
		outcome, err := s.Run(call)
		if err != nil {
			return nil, err
		}
		return &InvokeOutput{status: http.StatusOK, outcome: outcome, tail: in.LogType == "Tail"}, nil
	case asynchronous:
		s.accept(call)
		return &InvokeOutput{status: http.StatusAccepted}, nil
	}
	return &InvokeOutput{status: http.StatusNoContent}, nil // DryRun
}

// Types of invocations.
const requestResponse, asynchronous = "RequestResponse", "Event"

// check checks the members that need no function, and sets the default of InvocationType.
func (in *InvokeInput) check() error {
	in.InvocationType = cmp.Or(in.InvocationType, requestResponse)
	switch {
	case payloadLimits[in.InvocationType] == 0:
		return invalid("invocationType must be RequestResponse, Event or DryRun, not %.100q", in.InvocationType)
	case in.LogType != "" && in.LogType != "None" && in.LogType != "Tail":
		return constraint("logType", "be None or Tail, not %.100q", in.LogType)
	case in.TenantID != "" || in.DurableName != "":
		return invalid("the local cloud supports neither tenants nor durable executions: omit X-Amz-Tenant-Id and X-Amz-Durable-Execution-Name")
	}
	return tooLarge(in.InvocationType, len(in.Payload))
}

// tooLarge returns an error for a payload that is too large for a type of invocation.
func tooLarge(invocationType string, size int) error {
	limit := payloadLimits[invocationType]
	if size <= limit {
		return nil
	}
	return &wire.Error{Code: "RequestTooLargeException", Status: http.StatusRequestEntityTooLarge,
		Message: fmt.Sprintf("%d byte payload is too large for the %s invocation type (limit %d bytes)", size, invocationType, limit)}
}

func (s *Service) exists(reference, qualifier string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.version(reference, qualifier)
	return err
}

func orEmpty(payload []byte) []byte {
	if len(payload) == 0 {
		return []byte("{}")
	}
	return payload
}

// Deliver accepts an event from another service if the function's policy allows it, or the sender acts for a role.
func (s *Service) Deliver(_ context.Context, d delivery.Delivery) error {
	err := s.exists(d.To, "")
	if !d.Authorized {
		err = s.admitted(d.To, d.Service, d.Source)
	}
	if err != nil {
		return err
	}
	s.accept(Call{Function: d.To, Payload: d.Body, From: d.Source})
	return nil
}

func (s *Service) admitted(reference, service, source string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(reference)
	if err != nil {
		return err
	}
	return f.admits(service, source)
}

// InvokeForAPI runs a function for an HTTP API. It is an apigateway.Invoke. If the context ends first, the function
// continues, but its response is discarded.
func (s *Service) InvokeForAPI(ctx context.Context, reference, source string, payload []byte) ([]byte, error) {
	if err := s.admitted(reference, "apigateway.amazonaws.com", source); err != nil {
		if to, unreadable := parseReference(reference); unreadable == nil {
			s.Tap.Tell(tap.Hop{Kind: tap.Undelivered, Resource: arnOf(to.name), From: source, Note: err.Error()})
		}
		return nil, err
	}
	if err := tooLarge(requestResponse, len(payload)); err != nil {
		return nil, err
	}
	type result struct {
		outcome *Outcome
		err     error
	}
	done := make(chan result, 1)
	s.launch(func() {
		outcome, err := s.Run(Call{Function: reference, Payload: payload, From: source})
		done <- result{outcome, err}
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.closing.Done():
		return nil, errClosing
	case r := <-done:
		if r.err != nil {
			return nil, r.err
		}
		if r.outcome.Failure != nil {
			return nil, r.outcome.Failure
		}
		return r.outcome.Payload, nil
	}
}
