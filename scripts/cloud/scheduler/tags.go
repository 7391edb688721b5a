package scheduler

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"example.com/localcloud/wire"
)

// maxTags is the largest number of tags in a request, and of a group.
const maxTags = 200

// Tag is a tag of a group. Schedules have none.
type Tag struct{ Key, Value string }

func checkTags(tags []Tag) error {
	if len(tags) > maxTags {
		return validation("1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to %d", maxTags)
	}
	for i, tag := range tags {
		member := "tags." + strconv.Itoa(i+1) + ".member."
		if err := checkText(member+"key", tag.Key, 1, 128, nil); err != nil {
			return err
		}
		if err := checkText(member+"value", tag.Value, 1, 256, nil); err != nil {
			return err
		}
	}
	return nil
}

func (g *group) tag(tags []Tag) {
	for _, tag := range tags {
		g.tags[tag.Key] = tag.Value
	}
}

// byARN returns a group. The caller holds the lock.
func (s *Service) byARN(arn string) (*group, error) {
	name, err := wire.Local("scheduler", "schedule-group/", arn)
	if mismatch, ok := errors.AsType[*wire.Mismatch](err); ok && !mismatch.Elsewhere() {
		return nil, validation("%v.", err)
	}
	if err != nil {
		return nil, notFound("%v.", err)
	}
	return s.group(name)
}

// TagResourceInput adds tags to a group.
type TagResourceInput struct {
	ResourceArn string `json:"-" path:"ResourceArn"`
	Tags        []Tag
}

// TagResource adds tags to a group and replaces those with the same keys.
func (s *Service) TagResource(_ context.Context, in *TagResourceInput) (*Nothing, error) {
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byARN(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	g.tag(in.Tags)
	s.keepGroup(g)
	return &Nothing{}, nil
}

// UntagResourceInput removes tags from a group.
type UntagResourceInput struct {
	ResourceArn string   `json:"-" path:"ResourceArn"`
	TagKeys     []string `json:"-" query:"TagKeys"`
}

// UntagResource removes tags from a group.
func (s *Service) UntagResource(_ context.Context, in *UntagResourceInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byARN(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(g.tags, key)
	}
	s.keepGroup(g)
	return &Nothing{}, nil
}

// ListTagsForResourceInput names a group by its ARN.
type ListTagsForResourceInput struct {
	ResourceArn string `json:"-" path:"ResourceArn"`
}

// ListTagsForResourceOutput holds tags in order of key.
type ListTagsForResourceOutput struct{ Tags []Tag }

// ListTagsForResource lists the tags of a group.
func (s *Service) ListTagsForResource(_ context.Context, in *ListTagsForResourceInput) (*ListTagsForResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byARN(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	out := &ListTagsForResourceOutput{Tags: []Tag{}}
	for _, key := range slices.Sorted(maps.Keys(g.tags)) {
		out.Tags = append(out.Tags, Tag{key, g.tags[key]})
	}
	return out, nil
}
