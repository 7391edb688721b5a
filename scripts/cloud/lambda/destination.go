package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"example.com/localcloud/sqs"
	"example.com/localcloud/wire"
)

// destinationActions maps the service in a destination's ARN to the permission that a function's role needs
// (developer guide, "Capturing records of Lambda asynchronous invocations").
var destinationActions = map[string]string{
	"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction", "events": "events:PutEvents",
}

// destinationKinds maps the service in a destination's ARN to what precedes the name.
var destinationKinds = map[string]string{"lambda": "function:", "events": "event-bus/"}

// invocationRecord describes the outcome of an event to a destination. The format follows recordings of AWS in a
// public emulator's tests of destinations.
type invocationRecord struct {
	Version         string           `json:"version"`
	Timestamp       string           `json:"timestamp"`
	RequestContext  requestContext   `json:"requestContext"`
	RequestPayload  json.RawMessage  `json:"requestPayload"`
	ResponseContext *responseContext `json:"responseContext,omitempty"` // of the last run
	ResponsePayload json.RawMessage  `json:"responsePayload,omitempty"`
}

type requestContext struct {
	RequestID   string `json:"requestId"`
	FunctionARN string `json:"functionArn"`
	Condition   string `json:"condition"`
	Invocations int    `json:"approximateInvokeCount"`
}

type responseContext struct {
	StatusCode      int    `json:"statusCode"`
	ExecutedVersion string `json:"executedVersion"`
	FunctionError   string `json:"functionError,omitempty"`
}

// Notice is what a topic or bus receives about an event.
type Notice struct {
	Function   string // ARN
	Success    bool
	Record     []byte                               // JSON; the event itself for a dead letter
	Attributes map[string]sqs.MessageAttributeValue // for a dead letter
}

func (e *event) record(condition string) ([]byte, error) {
	record := invocationRecord{
		Version: "1.0", Timestamp: time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), RequestPayload: e.Payload,
		RequestContext: requestContext{e.RequestID, resourceOf(e.Function) + ":" + latest, condition, e.Runs},
	}
	if e.outcome != nil {
		record.ResponseContext = &responseContext{StatusCode: 200, ExecutedVersion: latest}
		if e.outcome.Failure != nil {
			record.ResponseContext.FunctionError = "Unhandled"
		}
		if json.Valid(e.outcome.Payload) {
			record.ResponsePayload = e.outcome.Payload
		}
	}
	return json.Marshal(record)
}

// sendRecord sends an event's record to a destination with the permissions of the function's role.
func (s *Service) sendRecord(e *event, destination, condition string) error {
	record, err := e.record(condition)
	if err != nil {
		return fmt.Errorf("write the record: %w", err)
	}
	role, err := s.roleOf(e.Function)
	if err != nil {
		return err
	}
	switch serviceOf(destination) {
	case "sqs":
		return s.sendTo(role, destination, &sqs.Sending{MessageBody: string(record)})
	case "lambda":
		if err := s.allowed(role, destination, destinationActions["lambda"]); err != nil {
			return err
		}
		if err := tooLarge(asynchronous, len(record)); err != nil {
			return err
		}
		s.accept(Call{Function: destination, Payload: record, From: resourceOf(e.Function)})
		return nil
	}
	return s.notify(role, destination, Notice{Function: resourceOf(e.Function), Success: condition == succeeded, Record: record})
}

// notify sends a notice to a topic or a bus with the permissions of the function's role.
func (s *Service) notify(role, destination string, notice Notice) error {
	service := serviceOf(destination)
	if err := s.allowed(role, destination, destinationActions[service]); err != nil {
		return err
	}
	send := s.Send[service]
	if send == nil {
		return invalid("the local cloud cannot send to %s", destination)
	}
	return send(context.Background(), destination, notice)
}

// serviceOf returns the service in an ARN.
func serviceOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 4); len(parts) == 4 {
		return parts[2]
	}
	return ""
}

func (s *Service) roleOf(reference string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(reference)
	if err != nil {
		return "", err
	}
	return f.settings.Role, nil
}

// checkDestination checks that the function's role may use a destination. The caller holds the mutex.
func (s *Service) checkDestination(f *function, destination *Destination) error {
	if destination == nil || destination.Destination == "" {
		return nil
	}
	service := serviceOf(destination.Destination)
	action, known := destinationActions[service]
	if !known {
		return invalid("a destination must be the ARN of a queue, topic, function or event bus, not %.200q", destination.Destination)
	}
	name, err := wire.Local(service, destinationKinds[service], destination.Destination)
	if err != nil {
		return invalid("The destination ARN %s is invalid. (%v)", destination.Destination, err)
	}
	switch {
	case service == "lambda" && s.functions[strings.TrimSuffix(name, ":"+latest)] == nil:
		return invalid("The destination ARN %s is invalid. (there is no such function)", destination.Destination)
	case service == "lambda" && strings.TrimSuffix(name, ":"+latest) == f.name:
		return invalid("You can't specify the function as a destination for itself.")
	}
	if err := s.allowed(f.settings.Role, destination.Destination, action); err != nil {
		return invalid("The function's execution role %s doesn't have permissions to call %s on %s",
			f.settings.Role, strings.TrimPrefix(action, serviceOf(destination.Destination)+":"), wire.Resource(destination.Destination))
	}
	return nil
}
