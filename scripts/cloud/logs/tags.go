package logs

import (
	"context"
	"maps"

	"example.com/localcloud/wire"
)

// maxTags is the maximum number of tags of a group.
const maxTags = 50

// kindTags is the kind of journal entries with the tags of a group, by name.
const kindTags = "logs/tags"

// TagResourceInput adds tags to a group, which is given by its ARN.
type TagResourceInput struct {
	ResourceArn string
	Tags        map[string]string
}

func (in *TagResourceInput) name() string { return groupName("", in.ResourceArn) }

// TagResource adds tags and replaces those with the same keys.
func (s *Service) TagResource(_ context.Context, in *TagResourceInput) (*Nothing, error) {
	return s.changeTags(in.ResourceArn, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

// UntagResourceInput removes tags from a group.
type UntagResourceInput struct {
	ResourceArn string
	TagKeys     []string
}

func (in *UntagResourceInput) name() string { return groupName("", in.ResourceArn) }

// UntagResource removes tags.
func (s *Service) UntagResource(_ context.Context, in *UntagResourceInput) (*Nothing, error) {
	return s.changeTags(in.ResourceArn, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) changeTags(arn string, change func(map[string]string)) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byARN(arn)
	if err != nil {
		return nil, err
	}
	tags := maps.Clone(g.tags)
	if tags == nil {
		tags = map[string]string{}
	}
	change(tags)
	if err := checkTags(tags); err != nil {
		return nil, err
	}
	g.tag(tags)
	return &Nothing{}, nil
}

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return wire.Errorf("TooManyTagsException", "a log group can have %d tags", maxTags)
	}
	return nil
}

// tag replaces the tags of a group.
func (g *group) tag(tags map[string]string) {
	g.tags = tags
	g.journal.Put(kindTags, g.name, tags)
}

// ListTagsForResourceInput names a group by its ARN.
type ListTagsForResourceInput struct{ ResourceArn string }

func (in *ListTagsForResourceInput) name() string { return groupName("", in.ResourceArn) }

// ListTagsForResourceOutput holds a group's tags.
type ListTagsForResourceOutput struct {
	Tags map[string]string `json:"tags"`
}

// ListTagsForResource returns a group's tags.
func (s *Service) ListTagsForResource(_ context.Context, in *ListTagsForResourceInput) (*ListTagsForResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byARN(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &ListTagsForResourceOutput{maps.Clone(g.tags)}, nil
}

// byARN returns the group with an ARN. The caller holds the mutex.
func (s *Service) byARN(arn string) (*group, error) {
	if !wire.IsARN(arn) {
		return nil, invalid("resourceArn must be the ARN of a log group, not %.300q", arn)
	}
	return s.group(groupName("", arn))
}
