package sns

import (
	"context"
	"encoding/base64"
	"maps"
	"regexp"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// pageSize is the maximum number of topics or subscriptions on a page.
const pageSize = 100

var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// CreateTopicInput describes a new topic. A name ending in .fifo requires FifoTopic "true".
type CreateTopicInput struct {
	Name       string
	Attributes map[string]string
	Tags       []Tag
}

func (in *CreateTopicInput) resource() string { return wire.ARN("sns", in.Name) }

// TopicArnOutput identifies a topic.
type TopicArnOutput struct{ TopicArn string }

// CreateTopic creates a topic. It returns an existing topic if that has the requested attributes and tags.
func (s *Service) CreateTopic(_ context.Context, in *CreateTopicInput) (*TopicArnOutput, error) {
	fifo := in.Attributes["FifoTopic"] == "true"
	base, suffixed := strings.CutSuffix(in.Name, ".fifo")
	if suffixed != fifo || len(in.Name) > 256 || !topicName.MatchString(base) {
		return nil, errInvalid("Topic Name")
	}
	tags, err := tagMap(in.Tags)
	if err != nil {
		return nil, err
	}
	t := &topic{arn: wire.ARN("sns", in.Name), fifo: fifo, attributes: map[string]string{}, tags: tags, memory: s.newMemory(wire.ARN("sns", in.Name))}
	if err := t.set(in.Attributes); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.topics[t.arn]
	if known == nil {
		s.put(t)
		return &TopicArnOutput{TopicArn: t.arn}, nil
	}
	for name, value := range in.Attributes {
		if known.attributes[name] != value {
			return nil, errInvalid("Attributes Reason: Topic already exists with different attributes")
		}
	}
	if len(in.Tags) > 0 && !maps.Equal(known.tags, t.tags) {
		return nil, errInvalid("Tags Reason: Topic already exists with different tags")
	}
	return &TopicArnOutput{TopicArn: t.arn}, nil
}

// DeleteTopicInput names a topic.
type DeleteTopicInput struct{ TopicArn string }

func (in *DeleteTopicInput) resource() string { return in.TopicArn }

// DeleteTopic deletes a topic and its subscriptions. It succeeds if there is none.
func (s *Service) DeleteTopic(_ context.Context, in *DeleteTopicInput) (*Empty, error) {
	if err := checkTopicARN(in.TopicArn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.topics[in.TopicArn]; t != nil {
		delete(s.topics, t.arn)
		s.forget(t)
	}
	return &Empty{}, nil
}

// ListTopicsInput selects a page.
type ListTopicsInput struct{ NextToken string }

func (in *ListTopicsInput) resource() string { return wire.ARN("sns", "*") }

// ListTopicsOutput is a page of topics.
type ListTopicsOutput struct {
	Topics    []TopicArnOutput
	NextToken string
}

// ListTopics lists topics in order of name.
func (s *Service) ListTopics(_ context.Context, in *ListTopicsInput) (*ListTopicsOutput, error) {
	s.mu.RLock()
	arns := slices.Sorted(maps.Keys(s.topics))
	s.mu.RUnlock()
	page, next, err := paginate(arns, in.NextToken, func(arn string) string { return arn })
	out := &ListTopicsOutput{NextToken: next}
	for _, arn := range page {
		out.Topics = append(out.Topics, TopicArnOutput{TopicArn: arn})
	}
	return out, err
}

// paginate returns the page after the one that token ends. Items are sorted by key.
func paginate[T any](items []T, token string, key func(T) string) (page []T, next string, err error) {
	after, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return nil, "", errInvalid("NextToken")
	}
	items = slices.DeleteFunc(slices.Clone(items), func(item T) bool { return key(item) <= string(after) })
	if len(items) <= pageSize {
		return items, "", nil
	}
	return items[:pageSize], base64.StdEncoding.EncodeToString([]byte(key(items[pageSize-1]))), nil
}

// GetTopicAttributesInput names a topic.
type GetTopicAttributesInput struct{ TopicArn string }

func (in *GetTopicAttributesInput) resource() string { return in.TopicArn }

// AttributesOutput holds all attributes of a topic or subscription.
type AttributesOutput struct{ Attributes map[string]string }

// GetTopicAttributes returns a topic's attributes.
func (s *Service) GetTopicAttributes(_ context.Context, in *GetTopicAttributesInput) (*AttributesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.find(in.TopicArn)
	if err != nil {
		return nil, err
	}
	return &AttributesOutput{Attributes: t.describe()}, nil
}

// SetTopicAttributesInput changes one attribute.
type SetTopicAttributesInput struct{ TopicArn, AttributeName, AttributeValue string }

func (in *SetTopicAttributesInput) resource() string { return in.TopicArn }

// SetTopicAttributes changes a topic.
func (s *Service) SetTopicAttributes(_ context.Context, in *SetTopicAttributesInput) (*Empty, error) {
	if in.AttributeName == "FifoTopic" || settable[in.AttributeName] == nil {
		return nil, errInvalid("AttributeName Reason: %.100s cannot be set: the local cloud supports %s", in.AttributeName, slices.Sorted(maps.Keys(settable)))
	}
	return &Empty{}, s.change(in.TopicArn, func(t *topic) error {
		return t.set(map[string]string{in.AttributeName: in.AttributeValue})
	})
}

// change replaces a topic with a changed copy.
func (s *Service) change(arn string, change func(*topic) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(arn)
	if err != nil {
		return err
	}
	changed := *t
	if err := change(&changed); err != nil {
		return err
	}
	s.put(&changed)
	return nil
}
