package dynamodb

import (
	"context"
	"maps"
	"slices"

	"example.com/localcloud/wire"
)

// Tag is a tag of a table.
type Tag struct{ Key, Value string }

// maxTags is the maximum number of tags of a table.
const maxTags = 50

func addTags(tags map[string]string, more []Tag) (map[string]string, error) {
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	for _, t := range more {
		if t.Key == "" {
			return nil, invalid("1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1")
		}
		all[t.Key] = t.Value
	}
	if len(all) > maxTags {
		return nil, invalidParameter("Too many tags: a table may have %d", maxTags)
	}
	return all, nil
}

// TagResourceInput is the input of TagResource.
type TagResourceInput struct {
	ResourceArn string
	Tags        []Tag
}

// UntagResourceInput is the input of UntagResource.
type UntagResourceInput struct {
	ResourceArn string
	TagKeys     []string
}

// ListTagsOfResourceInput is the input of ListTagsOfResource.
type ListTagsOfResourceInput struct{ ResourceArn, NextToken string }

// ListTagsOfResourceOutput is the output of ListTagsOfResource.
type ListTagsOfResourceOutput struct{ Tags []Tag }

// Empty is the output of an operation that returns nothing.
type Empty struct{}

// TagResource adds tags to a table.
func (s *Service) TagResource(_ context.Context, in *TagResourceInput) (*Empty, error) {
	return s.retag(in.ResourceArn, func(tags map[string]string) (map[string]string, error) { return addTags(tags, in.Tags) })
}

// UntagResource removes tags from a table.
func (s *Service) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	return s.retag(in.ResourceArn, func(tags map[string]string) (map[string]string, error) {
		left := maps.Clone(tags)
		maps.DeleteFunc(left, func(key, _ string) bool { return slices.Contains(in.TagKeys, key) })
		return left, nil
	})
}

func (s *Service) retag(arn string, change func(map[string]string) (map[string]string, error)) (*Empty, error) {
	return &Empty{}, s.write(func(d *draft) error {
		t, err := d.table(arn)
		if err != nil {
			return noResource(arn)
		}
		t.redefined = true
		t.tags, err = change(t.tags)
		return err
	})
}

func noResource(arn string) error {
	return wire.Errorf(codeNotFound, "Requested resource not found: ResourcArn: %s not found", arn)
}

// ListTagsOfResource lists the tags of a table, sorted, in a single page.
func (s *Service) ListTagsOfResource(_ context.Context, in *ListTagsOfResourceInput) (*ListTagsOfResourceOutput, error) {
	t, err := s.table(in.ResourceArn)
	if err != nil {
		return nil, noResource(in.ResourceArn)
	}
	out := &ListTagsOfResourceOutput{Tags: []Tag{}}
	for _, key := range slices.Sorted(maps.Keys(t.tags)) {
		out.Tags = append(out.Tags, Tag{key, t.tags[key]})
	}
	return out, nil
}
