package lambda

import (
	"cmp"
	"context"
	"log/slog"

	"example.com/troupe/scripts/local/cloud/sqs"
	"example.com/troupe/scripts/local/cloud/wire"
)

// bury sends an event that could not be handled to the function's dead-letter queue,
// with the attributes that Lambda gives it; without a queue it is dropped.
func (s *Service) bury(call Call, outcome *Outcome, failure error) {
	target := s.deadLetters(call.Function)
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
	message := failure.Error()
	_, err := s.SQS.SendMessage(context.Background(), &sqs.SendMessageInput{QueueUrl: queueURL(target), Sending: sqs.Sending{
		MessageBody: string(call.Payload),
		MessageAttributes: map[string]sqs.MessageAttributeValue{
			"RequestID": text(call.RequestID), "ErrorCode": {DataType: "Number", StringValue: "200"},
			"ErrorMessage": text(message[:min(len(message), 1024)]),
		},
	}})
	if err != nil {
		slog.Warn("an event is dropped: its function's dead-letter queue does not take it", "queue", target, "error", err)
	}
}

func (s *Service) deadLetters(reference string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(reference)
	if err != nil || f.settings.DeadLetterConfig == nil {
		return ""
	}
	return f.settings.DeadLetterConfig.TargetArn
}

// queueURL names a queue of this cloud; the host does not matter.
func queueURL(arn string) string {
	return "http://localhost/" + wire.Account + "/" + wire.Resource(arn)
}
