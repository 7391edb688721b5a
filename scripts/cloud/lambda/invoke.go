package lambda

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"example.com/localcloud/delivery"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// maxPayload is the maximum size of the payload of a request or a response, in bytes (Lambda quotas: 6 MB).
const maxPayload = 6 << 20

// InvokeInput asks for an invocation.
type InvokeInput struct {
	FunctionName   string `json:"-" path:"FunctionName"`
	Qualifier      string `json:"-" query:"Qualifier"`
	InvocationType string `json:"-" header:"X-Amz-Invocation-Type"` // RequestResponse, Event, DryRun
	LogType        string `json:"-" header:"X-Amz-Log-Type"`        // Tail requests the end of the log
	ClientContext  string `json:"-" header:"X-Amz-Client-Context"`
	TraceID        string `json:"-" header:"X-Amzn-Trace-Id"`
	Payload        []byte `json:"-" payload:"true"`
}

func (in *InvokeInput) resource() string { return arnOf(nameOf(in.FunctionName)) }

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
	if len(in.Payload) > maxPayload {
		return nil, &wire.Error{Code: "RequestTooLargeException", Status: http.StatusRequestEntityTooLarge,
			Message: fmt.Sprintf("%d byte payload is too large for the invocation (limit %d bytes)", len(in.Payload), maxPayload)}
	}
	if in.Qualifier != "" && in.Qualifier != latest {
		return nil, missing("Function not found: " + in.resource() + ":" + in.Qualifier)
	}
	if err := s.exists(in.FunctionName); err != nil {
		return nil, err
	}
	if !json.Valid(orEmpty(in.Payload)) {
		return nil, wire.Errorf("InvalidRequestContentException", "Could not parse request body into json")
	}
	call := Call{Function: in.FunctionName, Payload: orEmpty(in.Payload), TraceID: in.TraceID, ClientContext: in.ClientContext}
	switch in.InvocationType {
	case "", "RequestResponse":
		outcome, err := s.Run(call)
		if err != nil {
			return nil, err
		}
		return &InvokeOutput{status: http.StatusOK, outcome: outcome, tail: in.LogType == "Tail"}, nil
	case "Event":
		s.accept(call)
		return &InvokeOutput{status: http.StatusAccepted}, nil
	case "DryRun":
		return &InvokeOutput{status: http.StatusNoContent}, nil
	}
	return nil, invalid("invocationType must be RequestResponse, Event or DryRun, not %.100q", in.InvocationType)
}

func (s *Service) exists(reference string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.find(reference)
	return err
}

func orEmpty(payload []byte) []byte {
	if len(payload) == 0 {
		return []byte("{}")
	}
	return payload
}

// Deliver accepts an event from another service if the function's policy allows it.
func (s *Service) Deliver(_ context.Context, d delivery.Delivery) error {
	if err := s.admitted(d.To, d.Service, d.Source); err != nil {
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
		s.Tap.Tell(tap.Hop{Kind: tap.Undelivered, Resource: arnOf(nameOf(reference)), From: source, Note: err.Error()})
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
