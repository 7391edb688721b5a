package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"example.com/localcloud/sqs"
	"example.com/localcloud/wire"
)

// sendDeadLetter sends a failed event to the function's dead-letter queue or topic, with Lambda's attributes. Without
// one, the event is dropped.
func (s *Service) sendDeadLetter(e *event) {
	target, role := s.deadLetters(e.Function)
	if target == "" {
		return
	}
	text := func(value string) sqs.MessageAttributeValue {
		return sqs.MessageAttributeValue{DataType: "String", StringValue: value}
	}
	message := reason(e.failure())
	err := s.sendLetter(role, target, e, &sqs.Sending{
		MessageBody: string(e.Payload),
		MessageAttributes: map[string]sqs.MessageAttributeValue{
			"RequestID": text(e.RequestID), "ErrorCode": {DataType: "Number", StringValue: strconv.Itoa(e.status())},
			"ErrorMessage": text(strings.ToValidUTF8(message[:min(len(message), maxReason)], "")),
		},
	})
	if err != nil {
		slog.Warn("a dead letter is lost because its target rejected it", "function", e.Function, "target", target, "error", err)
	}
}

func (s *Service) sendLetter(role, target string, e *event, letter *sqs.Sending) error {
	if serviceOf(target) == "sqs" {
		return s.sendTo(role, target, letter)
	}
	return s.notify(role, target, Notice{Function: resourceOf(e.Function), Record: []byte(letter.MessageBody), Attributes: letter.MessageAttributes})
}

// sendTo sends a message to a queue with the permissions of the function's role.
func (s *Service) sendTo(role, queue string, message *sqs.Sending) error {
	if err := s.allowed(role, queue, "sqs:SendMessage"); err != nil {
		return err
	}
	_, err := s.SQS.SendMessage(context.Background(), &sqs.SendMessageInput{QueueUrl: queueURL(queue), Sending: *message})
	return err
}

// maxReason is the maximum length of the error in a dead letter, in bytes.
const maxReason = 1024

// reason returns the function's error message. It is never empty, because no attribute may be.
func reason(failure error) string {
	if f, ok := errors.AsType[*Failure](failure); ok {
		var said struct{ ErrorMessage string }
		if json.Unmarshal(f.Payload, &said) == nil && said.ErrorMessage != "" {
			return said.ErrorMessage
		}
	}
	return failure.Error()
}

// deadLetters returns a function's dead-letter queue or topic and its role.
func (s *Service) deadLetters(reference string) (target, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(reference)
	if err != nil || f.settings.DeadLetterConfig == nil {
		return "", ""
	}
	return f.settings.DeadLetterConfig.TargetArn, f.settings.Role
}

// allowed returns an error unless the function's role permits the actions on a resource.
func (s *Service) allowed(role, resource string, actions ...string) error {
	credentials, err := s.IAM.Issue("lambda.amazonaws.com", role, "lambda")
	if err != nil {
		return err
	}
	defer s.IAM.Revoke(credentials)
	caller, err := s.IAM.Caller(credentials.AccessKeyId, "")
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

// queueURL returns the URL of a local queue. The host does not matter.
func queueURL(arn string) string {
	return "http://localhost/" + wire.Account + "/" + wire.Resource(arn)
}
