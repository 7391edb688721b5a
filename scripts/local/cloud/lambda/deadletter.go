package lambda

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"

	"example.com/troupe/scripts/local/cloud/sqs"
	"example.com/troupe/scripts/local/cloud/wire"
)

// bury sends an event that could not be handled to the function's dead-letter queue,
// with the attributes that Lambda gives it; without a queue it is dropped.
func (s *Service) bury(call Call, outcome *Outcome, failure error) {
	target, role := s.deadLetters(call.Function)
	if outcome != nil && outcome.Failure != nil {
		failure = outcome.Failure
	}
	failure = cmp.Or(failure, errNoOutcome)
	if target == "" {
		slog.Warn("an event is dropped: its function has no dead-letter queue", "function", nameOf(call.Function), "error", failure)
		return
	}
	text := func(value string) sqs.MessageAttributeValue {
		return sqs.MessageAttributeValue{DataType: "String", StringValue: value}
	}
	if err := s.allowed(role, target, "sqs:SendMessage"); err != nil {
		slog.Warn("an event is dropped", "error", err)
		return
	}
	message := reason(failure)
	_, err := s.SQS.SendMessage(context.Background(), &sqs.SendMessageInput{QueueUrl: queueURL(target), Sending: sqs.Sending{
		MessageBody: string(call.Payload),
		MessageAttributes: map[string]sqs.MessageAttributeValue{
			"RequestID": text(call.RequestID), "ErrorCode": {DataType: "Number", StringValue: "200"},
			"ErrorMessage": text(strings.ToValidUTF8(message[:min(len(message), maxReason)], "")),
		},
	}})
	if err != nil {
		slog.Warn("an event is dropped: its function's dead-letter queue does not take it", "queue", target, "error", err)
	}
}

// maxReason is how much of an error stands in a dead letter, in bytes.
const maxReason = 1024

// reason is what a function says for its failure; it is not empty, as no attribute may be.
func reason(failure error) string {
	if f, ok := errors.AsType[*Failure](failure); ok {
		var said struct{ ErrorMessage string }
		if json.Unmarshal(f.Payload, &said) == nil && said.ErrorMessage != "" {
			return said.ErrorMessage
		}
	}
	return failure.Error()
}

// deadLetters returns a function's dead-letter queue and role.
func (s *Service) deadLetters(reference string) (target, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(reference)
	if err != nil || f.settings.DeadLetterConfig == nil {
		return "", ""
	}
	return f.settings.DeadLetterConfig.TargetArn, f.settings.Role
}

// allowed tells what Lambda lacks to act on a resource as a function's role.
func (s *Service) allowed(role, resource string, actions ...string) error {
	credentials, err := s.IAM.Issue("lambda.amazonaws.com", role, "lambda")
	if err != nil {
		return err
	}
	defer s.IAM.Revoke(credentials)
	caller, err := s.IAM.Caller(credentials.AccessKeyId)
	if err != nil {
		return err
	}
	for _, action := range actions {
		if !caller.Allowed(wire.Access{Action: action, Resource: resource}) {
			return invalid("The provided execution role does not have permissions to call %s on %s", action, resource)
		}
	}
	return nil
}

// queueURL names a queue of this cloud; the host does not matter.
func queueURL(arn string) string {
	return "http://localhost/" + wire.Account + "/" + wire.Resource(arn)
}
