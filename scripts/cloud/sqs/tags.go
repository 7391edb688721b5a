package sqs

import (
	"context"
	"maps"
)

// maxTags is the maximum number of tags of a queue.
const maxTags = 50

// TagQueueInput adds tags.
type TagQueueInput struct {
	QueueUrl string
	Tags     map[string]string `query:"Tag.N.Key=Value"`
}

func (in *TagQueueInput) queue() string { return nameOf(in.QueueUrl) }

// TagQueue adds tags to a queue and replaces those with the same keys.
func (s *Service) TagQueue(_ context.Context, in *TagQueueInput) (*Empty, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if len(in.Tags) == 0 {
		return nil, errMissing("Tags")
	}
	q.lock()
	defer q.unlock()
	tags := maps.Clone(q.tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, in.Tags)
	if len(tags) > maxTags {
		return nil, errInvalid("Too many tags added for queue %s.", q.name)
	}
	q.tags = tags
	q.keep()
	return &Empty{}, nil
}

// UntagQueueInput removes tags.
type UntagQueueInput struct {
	QueueUrl string
	TagKeys  []string `query:"TagKey.N"`
}

func (in *UntagQueueInput) queue() string { return nameOf(in.QueueUrl) }

// UntagQueue removes tags from a queue.
func (s *Service) UntagQueue(_ context.Context, in *UntagQueueInput) (*Empty, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	q.lock()
	defer q.unlock()
	for _, key := range in.TagKeys {
		delete(q.tags, key)
	}
	q.keep()
	return &Empty{}, nil
}

// ListQueueTagsInput names a queue.
type ListQueueTagsInput struct{ QueueUrl string }

func (in *ListQueueTagsInput) queue() string { return nameOf(in.QueueUrl) }

// ListQueueTagsOutput holds a queue's tags.
type ListQueueTagsOutput struct {
	Tags map[string]string `json:",omitempty" query:"Tag.N.Key=Value"`
}

// ListQueueTags returns a queue's tags.
func (s *Service) ListQueueTags(_ context.Context, in *ListQueueTagsInput) (*ListQueueTagsOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	q.lock()
	defer q.unlock()
	return &ListQueueTagsOutput{Tags: maps.Clone(q.tags)}, nil
}
