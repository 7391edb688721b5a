package eventbridge

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/eventbridge/transform"
	"example.com/localcloud/wire"
)

// Target describes where a rule sends events, and in what form.
type Target struct {
	Id               string
	Arn              string
	RoleArn          string            `json:",omitempty"`
	Input            string            `json:",omitempty"`
	InputPath        string            `json:",omitempty"`
	InputTransformer *InputTransformer `json:",omitempty"`
	SqsParameters    *SqsParameters    `json:",omitempty"`
	RetryPolicy      *RetryPolicy      `json:",omitempty"`
	DeadLetterConfig *DeadLetterConfig `json:",omitempty"`
}

// InputTransformer creates the target's input from the event; see package transform.
type InputTransformer struct {
	InputPathsMap map[string]string `json:",omitempty"`
	InputTemplate string
}

// SqsParameters are for FIFO queues.
type SqsParameters struct{ MessageGroupId string }

// RetryPolicy limits retries. AWS's defaults are 185 attempts and 86,400 seconds.
type RetryPolicy struct {
	MaximumRetryAttempts     *int `json:",omitempty"`
	MaximumEventAgeInSeconds *int `json:",omitempty"`
}

// DeadLetterConfig names the dead-letter queue for undeliverable events.
type DeadLetterConfig struct {
	Arn string `json:",omitempty"`
}

// target is a validated Target. It is immutable.
type target struct {
	Target
	path        transform.Path
	transformer *transform.Transformer
}

// newTarget validates a target as AWS does.
func newTarget(t Target) (*target, error) {
	if err := checkName("targets.id", t.Id, 64); err != nil {
		return nil, err
	}
	if err := t.checkARN(); err != nil {
		return nil, err
	}
	if err := t.checkQueues(); err != nil {
		return nil, err
	}
	if err := t.RetryPolicy.check(); err != nil {
		return nil, err
	}
	return t.withInput()
}

// targetKinds maps the services that a rule can deliver to here to the kind of their resources, as wire.Local takes it.
var targetKinds = map[string]string{"events": "event-bus/", "lambda": "function:", "logs": "log-group:", "sns": "", "sqs": ""}

func (t *Target) checkARN() error {
	parts := strings.SplitN(t.Arn, ":", 6)
	if len(parts) < 6 || !wire.IsARN(t.Arn) {
		return validation("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", t.Arn)
	}
	kind, known := targetKinds[parts[2]]
	if !known {
		return validation("Parameter %s is not valid. Reason: the local cloud can deliver to %s, not to %s.", t.Arn, slices.Sorted(maps.Keys(targetKinds)), parts[2])
	}
	if _, err := wire.Local(parts[2], kind, t.Arn); err != nil {
		return validation("Parameter %s is not valid. Reason: %v.", t.Arn, err)
	}
	return nil
}

func (t *Target) checkQueues() error {
	_, noQueue := wire.Local("sqs", "", t.Arn)
	if t.SqsParameters != nil && noQueue != nil {
		return validation("Parameter(s) SqsParameters cannot be specified for target: %s.", t.Id)
	}
	fifo := noQueue == nil && strings.HasSuffix(t.Arn, ".fifo")
	if fifo && (t.SqsParameters == nil || t.SqsParameters.MessageGroupId == "") {
		return validation("Parameter(s) SqsParameters must be specified for target: %s.", t.Id)
	}
	if dlq := t.DeadLetterConfig; dlq != nil && dlq.Arn != "" {
		if _, err := wire.Local("sqs", "", dlq.Arn); err != nil || strings.HasSuffix(dlq.Arn, ".fifo") {
			return validation("DeadLetterConfig of target %s must name a standard SQS queue, not %s.", t.Id, dlq.Arn)
		}
	}
	return nil
}

func (p *RetryPolicy) check() error {
	if p == nil {
		return nil
	}
	if n := p.MaximumRetryAttempts; n != nil && (*n < 0 || *n > defaultRetries) {
		return validation("MaximumRetryAttempts must be between 0 and %d.", defaultRetries)
	}
	if n := p.MaximumEventAgeInSeconds; n != nil && (*n < 60 || *n > defaultAge) {
		return validation("MaximumEventAgeInSeconds must be between 60 and %d.", defaultAge)
	}
	return nil
}

// withInput compiles the parts that create the target's input.
func (t Target) withInput() (*target, error) {
	compiled := &target{Target: t}
	ways := 0
	err := t.checkInputs()
	if err != nil {
		return nil, err
	}
	if t.Input != "" {
		ways++
		if !json.Valid([]byte(t.Input)) {
			err = validation("JSON syntax error in input for target %s.", t.Id)
		}
	}
	if t.InputPath != "" {
		ways++
		if compiled.path, err = transform.ParsePath(t.InputPath); err != nil {
			err = validation("InputPath for target %s is not valid: %v.", t.Id, err)
		}
	}
	if it := t.InputTransformer; it != nil {
		ways++
		if compiled.transformer, err = transform.Parse(it.InputPathsMap, it.InputTemplate); err != nil {
			err = validation("InputTemplate for target %s %v.", t.Id, err)
		}
	}
	if ways > 1 {
		err = validation("Only one of Input, InputPath, or InputTransformer must be provided for target %s.", t.Id)
	}
	return compiled, err
}

// checkInputs validates the lengths of texts (API reference, Target and InputTransformer).
func (t *Target) checkInputs() error {
	const maxInput, maxPath, maxPaths = 8192, 256, 100
	err := cmp.Or(checkLength("targets.input", t.Input, maxInput), checkLength("targets.inputPath", t.InputPath, maxPath))
	if it := t.InputTransformer; it != nil && err == nil {
		err = checkLength("targets.inputTransformer.inputTemplate", it.InputTemplate, maxInput)
		if len(it.InputPathsMap) > maxPaths {
			err = validation("InputPathsMap of target %s has more than %d entries.", t.Id, maxPaths)
		}
	}
	return err
}

// input returns the target's input for an event.
func (t *target) input(event []byte, r *rule, ingestion time.Time) ([]byte, error) {
	switch {
	case t.Input != "":
		return []byte(t.Input), nil
	case t.InputPath != "":
		return t.path.Find(event), nil
	case t.transformer != nil:
		return t.transformer.Apply(event, transform.Rule{ARN: r.Arn, Name: r.Name, Ingestion: ingestion})
	}
	return event, nil
}
