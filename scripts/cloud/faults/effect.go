package faults

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"example.com/localcloud/wire"
)

// hold delays a call.
func (f *Fault) hold(ctx context.Context) error {
	timer := time.NewTimer(time.Duration(f.LatencyMs) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err() // the client has disconnected
	}
}

// failure returns the error of a fault of kind fail.
func (f *Fault) failure() error {
	return &wire.Error{Code: cmp.Or(f.Code, "InternalFailure"), Status: cmp.Or(f.Status, http.StatusInternalServerError),
		Message: "The request processing has failed because of a fault that was put into the local cloud: " + f.Id}
}

// throttled returns a service's throttling error. Sources: the errors in the API references of DynamoDB
// ("ThrottlingException"), SQS ("RequestThrottled") and Lambda ("TooManyRequestsException"), and the common errors of
// the others. IAM and STS, which use the query protocol, return "Throttling".
func throttled(service string) error {
	switch service {
	case "dynamodb":
		return wire.Errorf("ThrottlingException", "Throughput exceeds the current capacity of your table or index.")
	case "sqs":
		return &wire.Error{Code: "RequestThrottled", Status: http.StatusForbidden, Message: "Request is throttled."}
	case "lambda", "apigateway":
		return &wire.Error{Code: "TooManyRequestsException", Status: http.StatusTooManyRequests, Message: "Rate Exceeded."}
	case "iam", "sts":
		return wire.Errorf("Throttling", "Rate exceeded")
	}
	return wire.Errorf("ThrottlingException", "Rate exceeded")
}

// response is an HTTP response that may get lost.
type response struct {
	http.ResponseWriter
	lost bool
}

func (a *response) WriteHeader(status int) {
	if !a.lost {
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *response) Write(p []byte) (int, error) {
	if a.lost {
		return len(p), nil
	}
	return a.ResponseWriter.Write(p)
}

func (a *response) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// end closes the connection if the response is lost.
func (a *response) end() {
	if !a.lost {
		return
	}
	if connection, _, err := http.NewResponseController(a.ResponseWriter).Hijack(); err == nil { // fails for a test's recorder
		_ = connection.Close() // so that the client notices
	}
}
