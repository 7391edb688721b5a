package dynamodb

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tag is a tag of a table.
type Tag struct {
	Key   string
	Value *string
}

// Limits of tags: how many a table may have, and the characters of each.
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

func addTags(tags map[string]string, more []Tag) (map[string]string, error) {
	var violations []string
	for i, t := range more {
		violations = append(violations, t.violations(fmt.Sprintf("tags.%d.member.", i+1))...)
	}
	if err := check(violations...); err != nil {
		return nil, err
	}
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	for _, t := range more {
		all[t.Key] = *t.Value
	}
	if len(all) > maxTags {
		return nil, invalidParameter("Too many tags: a table may have %d", maxTags)
	}
	return all, nil
}

func (t Tag) violations(prefix string) []string {
	if t.Value == nil {
		return []string{required(prefix+"value", true)}
	}
	text := func(member, value string, low, high int) string {
		if strings.TrimFunc(value, isTagRune) != "" {
			return violation(quoted(value), member, `satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`)
		}
		return within(member, quoted(value), "length", utf8.RuneCountInString(value), low, high)
	}
	return []string{text(prefix+"key", t.Key, 1, maxTagKey), text(prefix+"value", *t.Value, 0, maxTagValue)}
}

// isTagRune reports whether tags may contain a character ("Tagging restrictions in DynamoDB" in the developer guide).
func isTagRune(r rune) bool {
	return unicode.In(r, unicode.L, unicode.Z, unicode.N) || strings.ContainsRune("_.:/=+-@", r)
}

// checkTagged checks the ARN of a table to tag and what is to be tagged.
func checkTagged(arn, member, what string, count int, missing bool) error {
	if !isARN(arn) {
		return invalid("Invalid TableArn: ARNs must start with 'arn:': %s", arn)
	}
	if _, err := localName(arn); err != nil {
		return err
	}
	if err := check(required(member, missing)); err != nil {
		return err
	}
	if count == 0 {
		return invalid("Atleast one %s needs to be provided as Input.", what)
	}
	return nil
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
	if err := checkTagged(in.ResourceArn, "tags", "Tag", len(in.Tags), in.Tags == nil); err != nil {
		return nil, err
	}
	return s.retag(in.ResourceArn, func(tags map[string]string) (map[string]string, error) { return addTags(tags, in.Tags) })
}

// UntagResource removes tags from a table.
func (s *Service) UntagResource(_ context.Context, in *UntagResourceInput) (*Empty, error) {
	if err := checkTagged(in.ResourceArn, "tagKeys", "Tag Key", len(in.TagKeys), in.TagKeys == nil); err != nil {
		return nil, err
	}
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
			return instead(err, noResource(arn))
		}
		t.redefined = true
		t.tags, err = change(t.tags)
		return err
	})
}

// ListTagsOfResource lists the tags of a table, sorted, in a single page.
func (s *Service) ListTagsOfResource(_ context.Context, in *ListTagsOfResourceInput) (*ListTagsOfResourceOutput, error) {
	if err := checkTagged(in.ResourceArn, "", "", 1, false); err != nil {
		return nil, err
	}
	if in.NextToken != "" {
		return nil, invalid("NextToken %s is unknown: the local cloud lists all tags in one page", in.NextToken)
	}
	t, err := s.table(in.ResourceArn)
	if err != nil {
		return nil, instead(err, noResource(in.ResourceArn))
	}
	out := &ListTagsOfResourceOutput{Tags: []Tag{}}
	for _, key := range slices.Sorted(maps.Keys(t.tags)) {
		out.Tags = append(out.Tags, Tag{key, new(t.tags[key])})
	}
	return out, nil
}
