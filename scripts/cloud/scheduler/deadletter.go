package scheduler

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"example.com/localcloud/delivery"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// deadLetter sends the input of a failed invocation to the dead-letter queue, with AWS's attributes (user guide,
// "Configuring a dead-letter queue"). Without such a queue, it is lost. No input is longer than a message may be.
func (s *Service) deadLetter(a *attempt, cause error, condition string) {
	d := a.schedule
	hop := tap.Hop{Kind: tap.Undelivered, Resource: d.Target.Arn, From: d.Arn, MessageID: a.execution, Note: cause.Error(), Body: a.input()}
	if d.Target.DeadLetterConfig == nil || d.Target.DeadLetterConfig.Arn == "" {
		hop.Note += "; it is lost: the target has no DeadLetterConfig"
		s.Tap.Tell(hop)
		return
	}
	s.Tap.Tell(hop)
	queue := d.Target.DeadLetterConfig.Arn
	told := tap.Hop{Kind: tap.DeadLettered, Resource: queue, From: d.Arn, MessageID: a.execution}
	_, err := s.act(d, wire.Access{Action: "sqs:SendMessage", Resource: queue})
	if err == nil {
		err = s.Targets.Deliver(context.WithoutCancel(s.closing), delivery.Delivery{
			To: queue, Service: servicePrincipal, Source: d.Arn, Body: a.input(), Attributes: a.attributes(cause, condition), Authorized: true,
		})
	}
	if err != nil {
		told.Kind, told.Note = tap.Undelivered, err.Error()
	}
	s.Tap.Tell(told)
}

// attributes describes a failed invocation.
func (a *attempt) attributes(cause error, condition string) map[string]delivery.Attribute {
	e := wire.AsError(cause)
	attributes := map[string]delivery.Attribute{}
	for name, value := range map[string]string{
		"ERROR_CODE":                cmp.Or(e.QueryCode, e.Code),
		"ERROR_MESSAGE":             e.Message,
		"EXECUTION_ID":              a.execution,
		"EXHAUSTED_RETRY_CONDITION": condition,
		"IS_PAYLOAD_TRUNCATED":      "false",
		"RETRY_ATTEMPTS":            strconv.Itoa(a.retries),
		"SCHEDULED_TIME":            a.scheduled.Format(time.RFC3339),
		"SCHEDULE_ARN":              a.schedule.Arn,
		"TARGET_ARN":                a.schedule.Target.Arn,
	} {
		if value != "" {
			attributes[name] = delivery.Attribute{DataType: "String", StringValue: value}
		}
	}
	return attributes
}
