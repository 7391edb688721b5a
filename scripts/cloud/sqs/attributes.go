package sqs

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"example.com/localcloud/wire"
)

// GetQueueAttributesInput names the attributes to return, or All.
type GetQueueAttributesInput struct {
	QueueUrl       string
	AttributeNames []string `query:"AttributeName.N"`
}

func (in *GetQueueAttributesInput) queue() string { return nameOf(in.QueueUrl) }

// GetQueueAttributesOutput holds a queue's attributes, its message counts among them.
type GetQueueAttributesOutput struct {
	Attributes map[string]string `json:",omitempty" query:"Attribute.N.Name=Value"`
}

// GetQueueAttributes returns a queue's attributes. The message counts are exact here.
func (s *Service) GetQueueAttributes(_ context.Context, in *GetQueueAttributesInput) (*GetQueueAttributesOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	q.lock()
	defer q.unlock()
	all := q.describe()
	if slices.Contains(in.AttributeNames, "All") {
		return &GetQueueAttributesOutput{Attributes: all}, nil
	}
	some := map[string]string{}
	for _, name := range in.AttributeNames {
		if !settable(name, true) && !slices.Contains(computed, name) {
			return nil, errUnknownAttribute(name)
		}
		if value, ok := all[name]; ok {
			some[name] = value
		}
	}
	return &GetQueueAttributesOutput{Attributes: some}, nil
}

// computed lists the attributes that cannot be set.
var computed = []string{
	"QueueArn", "CreatedTimestamp", "LastModifiedTimestamp", "ApproximateNumberOfMessages",
	"ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible",
}

func (q *queue) describe() map[string]string {
	all := maps.Clone(q.attributes)
	all["QueueArn"] = q.arn
	all["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
	all["LastModifiedTimestamp"] = strconv.FormatInt(q.modified.Unix(), 10)
	all["ApproximateNumberOfMessages"] = strconv.Itoa(q.counts[visible])
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(q.counts[delayed])
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(q.counts[inFlight])
	return all
}

// SetQueueAttributesInput changes attributes. An empty text removes a policy.
type SetQueueAttributesInput struct {
	QueueUrl   string
	Attributes map[string]string `query:"Attribute.N.Name=Value"`
}

func (in *SetQueueAttributesInput) queue() string { return nameOf(in.QueueUrl) }

// SetQueueAttributes makes all changes, or none if one is invalid.
func (s *Service) SetQueueAttributes(_ context.Context, in *SetQueueAttributesInput) (*Empty, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if _, asked := in.Attributes["FifoQueue"]; asked {
		return nil, errUnknownAttribute("FifoQueue") // only CreateQueue takes it
	}
	s.configuring.Lock() // apply reads another queue, so q's mutex cannot cover it
	defer s.configuring.Unlock()
	q.lock()
	attributes, err := change(q.attributes, in.Attributes, q.fifo)
	q.unlock()
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.apply(q, attributes)
}

// apply validates attributes and the dead-letter queue that they name, and then puts them into effect.
func (s *Service) apply(q *queue, attributes map[string]string) error {
	settings, err := parseSettings(attributes)
	if err != nil {
		return err
	}
	if settings.redrive != nil {
		if err := s.checkTarget(q, settings.redrive); err != nil {
			return err
		}
	}
	now := q.lock()
	defer q.unlock()
	q.attributes, q.settings, q.modified = attributes, settings, now
	q.keep()
	for _, m := range q.messages {
		if q.fifo && m.state == delayed {
			m.due = m.sent.Add(settings.delay) // retroactive (developer guide, "Amazon SQS delay queues")
		}
		q.enter(m, m.state, m.due) // the retention may have changed
	}
	return nil
}

func (s *Service) checkTarget(q *queue, redrive *redrivePolicy) error {
	target, text := s.queueOf(redrive.DeadLetterTargetArn), redrive.text
	_, err := wire.Local("sqs", "", redrive.DeadLetterTargetArn)
	switch mismatch, _ := errors.AsType[*wire.Mismatch](err); {
	case mismatch != nil && !mismatch.Elsewhere():
		return errParameter("RedrivePolicy", text, "Invalid value for deadLetterTargetArn.")
	case target == nil:
		return errParameter("RedrivePolicy", text, "Dead letter target does not exist.")
	case target.fifo != q.fifo:
		return errParameter("RedrivePolicy", text, "Dead-letter queue must be same type of queue as the source.")
	}
	target.lock()
	defer target.unlock()
	if !target.settings.allow.admits(q.arn) {
		return errParameter("RedrivePolicy", text, "The dead-letter queue's RedriveAllowPolicy does not admit "+q.arn+".")
	}
	return nil
}
