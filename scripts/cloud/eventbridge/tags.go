package eventbridge

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// Tag is a tag of a bus or rule.
type Tag struct{ Key, Value string }

// tag adds tags to a resource. The caller holds the lock.
func (s *Service) tag(arn string, tags []Tag) {
	if len(tags) == 0 {
		return
	}
	if s.tags[arn] == nil {
		s.tags[arn] = map[string]string{}
	}
	for _, t := range tags {
		s.tags[arn][t.Key] = t.Value
	}
	s.keepTags(arn)
}

// taggable checks that an ARN belongs to an existing bus or rule.
func (s *Service) taggable(arn string) error {
	resource, err := wire.Local("events", "", arn)
	if mismatch, ok := errors.AsType[*wire.Mismatch](err); ok && mismatch.Elsewhere() {
		return notFound("%v.", err)
	}
	kind, name, _ := strings.Cut(resource, "/")
	switch kind {
	case "event-bus":
		_, err := s.bus(name)
		return err
	case "rule":
		busName, ruleName, found := strings.Cut(name, "/")
		if !found {
			busName, ruleName = defaultBus, name
		}
		_, _, err := s.rule(busName, ruleName)
		return err
	}
	return validation("%s is not the ARN of a rule or event bus.", arn)
}

// TagResourceInput names a bus or rule and its new tags.
type TagResourceInput struct {
	ResourceARN string
	Tags        []Tag
}

func (in *TagResourceInput) arn() string { return in.ResourceARN }

// TagResource adds tags to a bus or rule.
func (s *Service) TagResource(_ context.Context, in *TagResourceInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.taggable(in.ResourceARN); err != nil {
		return nil, err
	}
	s.tag(in.ResourceARN, in.Tags)
	return &Nothing{}, nil
}

// UntagResourceInput names a bus or rule and the keys of tags to remove.
type UntagResourceInput struct {
	ResourceARN string
	TagKeys     []string
}

func (in *UntagResourceInput) arn() string { return in.ResourceARN }

// UntagResource removes tags.
func (s *Service) UntagResource(_ context.Context, in *UntagResourceInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.taggable(in.ResourceARN); err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(s.tags[in.ResourceARN], key)
	}
	s.keepTags(in.ResourceARN)
	return &Nothing{}, nil
}

// ListTagsForResourceInput names a bus or rule.
type ListTagsForResourceInput struct{ ResourceARN string }

func (in *ListTagsForResourceInput) arn() string { return in.ResourceARN }

// ListTagsForResourceOutput holds tags in order of key.
type ListTagsForResourceOutput struct{ Tags []Tag }

// ListTagsForResource lists the tags of a bus or rule.
func (s *Service) ListTagsForResource(_ context.Context, in *ListTagsForResourceInput) (*ListTagsForResourceOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.taggable(in.ResourceARN); err != nil {
		return nil, err
	}
	out := &ListTagsForResourceOutput{Tags: []Tag{}}
	tags := s.tags[in.ResourceARN]
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out.Tags = append(out.Tags, Tag{key, tags[key]})
	}
	return out, nil
}
