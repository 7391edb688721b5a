package faults

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"example.com/localcloud/wire"
)

// hold keeps a call waiting.
func (f *Fault) hold(ctx context.Context) error {
	timer := time.NewTimer(time.Duration(f.LatencyMs) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err() // nobody waits any more
	}
}

// failure is the error of a fault of kind fail.
func (f *Fault) failure() error {
	return &wire.Error{Code: cmp.Or(f.Code, "InternalFailure"), Status: cmp.Or(f.Status, http.StatusInternalServerError),
		Message: "The request processing has failed because of a fault that was put into the local cloud: " + f.Id}
}

// throttled is how an AWS service says that it is asked too often. Sources: the API references' errors of DynamoDB
// ("ThrottlingException"), SQS ("RequestThrottled") and Lambda ("TooManyRequestsException"), the common errors of the others;
// IAM and STS, which speak the query protocol, say "Throttling".
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

// answer is a response that may be lost.
type answer struct {
	http.ResponseWriter
	lost bool
}

func (a *answer) WriteHeader(status int) {
	if !a.lost {
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *answer) Write(p []byte) (int, error) {
	if a.lost {
		return len(p), nil
	}
	return a.ResponseWriter.Write(p)
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// end closes the connection of an answer that is lost.
func (a *answer) end() {
	if !a.lost {
		return
	}
	if connection, _, err := http.NewResponseController(a.ResponseWriter).Hijack(); err == nil { // a test's recorder has none
		_ = connection.Close() // the client hears of it
	}
}
