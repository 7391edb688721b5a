package scheduler

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// AWS's maximums and defaults of a retry policy.
const (
	maxRetries = 185
	maxAge     = 86_400 // seconds
)

// maxInput is the largest Input, in bytes (user guide, "Quotas").
const maxInput = 256 << 10

// Target says what a schedule invokes, and with which input.
type Target struct {
	Arn                   string
	RoleArn               string
	Input                 string                 `json:",omitempty"`
	SqsParameters         *SqsParameters         `json:",omitempty"`
	EventBridgeParameters *EventBridgeParameters `json:",omitempty"`
	RetryPolicy           *RetryPolicy           `json:",omitempty"`
	DeadLetterConfig      *DeadLetterConfig      `json:",omitempty"`
}

// SqsParameters are for FIFO queues.
type SqsParameters struct{ MessageGroupId string }

// EventBridgeParameters describe the event that a bus receives. The target's Input is its detail.
type EventBridgeParameters struct{ DetailType, Source string }

// RetryPolicy limits retries.
type RetryPolicy struct {
	MaximumRetryAttempts     *int
	MaximumEventAgeInSeconds *int
}

// DeadLetterConfig names the queue for failed invocations.
type DeadLetterConfig struct {
	Arn string `json:",omitempty"`
}

// kinds maps the services that schedules can invoke here to what precedes the name in their ARNs, as wire.Local takes it.
var kinds = map[string]string{"events": "event-bus/", "lambda": "function:", "sns": "", "sqs": ""}

// actions maps them to the permission that the role needs (user guide, "Using templated targets").
var actions = map[string]string{
	"events": "events:PutEvents", "lambda": "lambda:InvokeFunction", "sns": "sns:Publish", "sqs": "sqs:SendMessage",
}

// service returns the service in the target's ARN, or "".
func (t *Target) service() string {
	if parts := strings.SplitN(t.Arn, ":", 6); len(parts) == 6 {
		return parts[2]
	}
	return ""
}

func (t *Target) check() error {
	err := cmp.Or(
		checkText("target.arn", t.Arn, 1, 1600, nil), checkText("target.roleArn", t.RoleArn, 1, 1600, roleForm),
		t.checkARN(), t.checkParameters(), t.checkInput(),
		checkRange("target.retryPolicy.maximumRetryAttempts", t.RetryPolicy.MaximumRetryAttempts, 0, maxRetries),
		checkRange("target.retryPolicy.maximumEventAgeInSeconds", t.RetryPolicy.MaximumEventAgeInSeconds, 60, maxAge),
	)
	if err == nil && t.DeadLetterConfig != nil { // a FIFO queue doesn't have this form
		err = checkOptional("target.deadLetterConfig.arn", t.DeadLetterConfig.Arn, 1600, queueForm)
	}
	return err
}

func (t *Target) checkARN() error {
	of := t.service()
	if of == "" || !wire.IsARN(t.Arn) {
		return validation("Provided Arn is not in correct format.")
	}
	if of == "scheduler" {
		return validation("%s is a universal target, and the local cloud has none: use the ARN of a queue, bus, topic or function.", t.Arn)
	}
	kind, known := kinds[of]
	if !known {
		// Source of the first sentence: hashicorp/terraform-provider-aws#29339.
		return validation("%s is not a supported service for a target. The local cloud can invoke targets in %s.", of, slices.Sorted(maps.Keys(kinds)))
	}
	if _, err := wire.Local(of, kind, t.Arn); err != nil {
		return validation("%v.", err)
	}
	return nil
}

// checkParameters validates the parameters that only one service takes.
func (t *Target) checkParameters() error {
	of := t.service()
	switch fifo := of == "sqs" && strings.HasSuffix(t.Arn, ".fifo"); {
	case t.SqsParameters != nil && of != "sqs":
		return validation("SqsParameters cannot be specified for target %s.", t.Arn)
	case t.EventBridgeParameters != nil && of != "events":
		return validation("EventBridgeParameters cannot be specified for target %s.", t.Arn)
	case fifo && (t.SqsParameters == nil || t.SqsParameters.MessageGroupId == ""):
		return validation("SqsParameters with a MessageGroupId must be specified for the FIFO queue %s.", t.Arn)
	case of == "events" && t.EventBridgeParameters == nil:
		return validation("EventBridgeParameters must be specified for the event bus %s.", t.Arn)
	}
	if p := t.SqsParameters; p != nil {
		return checkOptional("target.sqsParameters.messageGroupId", p.MessageGroupId, 128, nil)
	}
	if p := t.EventBridgeParameters; p != nil {
		if strings.HasPrefix(p.Source, "aws.") {
			return validation("The Source of an event must not begin with aws., which is AWS's own, but is %.300q.", p.Source)
		}
		return cmp.Or(checkText("target.eventBridgeParameters.detailType", p.DetailType, 1, 128, nil),
			checkText("target.eventBridgeParameters.source", p.Source, 1, 256, nil))
	}
	return nil
}

// checkInput validates the input, which must be JSON for a function or a bus (API reference, Target).
func (t *Target) checkInput() error {
	if len(t.Input) > maxInput {
		return validation("1 validation error detected: Value at 'target.input' failed to satisfy constraint: Member must have length less than or equal to %d", maxInput)
	}
	if of := t.service(); t.Input != "" && (of == "lambda" || of == "events") && !json.Valid([]byte(t.Input)) {
		return validation("The Input of target %s must be well-formed JSON.", t.Arn)
	}
	return nil
}
