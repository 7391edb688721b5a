package sns

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"example.com/localcloud/wire"
)

// maxTags is the maximum number of tags of a topic.
const maxTags = 50

// Tag is a key with a value.
type Tag struct{ Key, Value string }

func tagMap(tags []Tag) (map[string]string, error) {
	m := map[string]string{}
	for _, tag := range tags {
		m[tag.Key] = tag.Value
	}
	if len(m) < len(tags) {
		return nil, errInvalid("Duplicated keys are not allowed.")
	}
	return m, nil
}

// TagResourceInput adds tags to a topic.
type TagResourceInput struct {
	ResourceArn string
	Tags        []Tag
}

func (in *TagResourceInput) resource() string { return in.ResourceArn }

// TagResource adds tags and replaces those with the same keys.
func (s *Service) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	added, err := tagMap(in.Tags)
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.tag(in.ResourceArn, func(tags map[string]string) { maps.Copy(tags, added) })
}

// UntagResourceInput removes tags from a topic.
type UntagResourceInput struct {
	ResourceArn string
	TagKeys     []string
}

func (in *UntagResourceInput) resource() string { return in.ResourceArn }

// UntagResource removes tags.
func (s *Service) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	return &Empty{}, s.tag(in.ResourceArn, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) tag(arn string, change func(map[string]string)) error {
	err := s.change(arn, func(t *topic) error {
		t.tags = maps.Clone(t.tags)
		change(t.tags)
		if len(t.tags) > maxTags {
			return wire.Errorf("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded")
		}
		return nil
	})
	return resourceError(err)
}

// ListTagsForResourceInput names a topic.
type ListTagsForResourceInput struct{ ResourceArn string }

func (in *ListTagsForResourceInput) resource() string { return in.ResourceArn }

// ListTagsForResourceOutput holds a topic's tags.
type ListTagsForResourceOutput struct{ Tags []Tag }

// ListTagsForResource lists a topic's tags, sorted by key.
func (s *Service) ListTagsForResource(_ context.Context, in *ListTagsForResourceInput) (*ListTagsForResourceOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.find(in.ResourceArn)
	if err != nil {
		return nil, resourceError(err)
	}
	out := &ListTagsForResourceOutput{}
	for _, key := range slices.Sorted(maps.Keys(t.tags)) {
		out.Tags = append(out.Tags, Tag{Key: key, Value: t.tags[key]})
	}
	return out, nil
}

// resourceError gives the error for a missing topic the code that tag operations use.
func resourceError(err error) error {
	if err != nil && wire.AsError(err).Code == "NotFound" {
		return &wire.Error{Code: "ResourceNotFound", Message: "Resource does not exist", Status: http.StatusNotFound}
	}
	return err
}
