package sns

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"example.com/localcloud/delivery"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// httpTimeout is how long AWS waits for the response of an HTTP endpoint.
const httpTimeout = 15 * time.Second

// Service is Amazon SNS. Create it with New. Close stops its deliveries over HTTP, which run as goroutines.
type Service struct {
	tap     *tap.Tap
	journal *journal.Journal // nil: nothing survives the process
	targets delivery.Target
	client  *http.Client

	mu     sync.RWMutex
	topics map[string]*topic // by ARN

	closing context.Context
	close   context.CancelFunc
	posting sync.WaitGroup
	posts   chan struct{} // holds one element for each request in progress
}

// New returns a service without topics. It delivers messages for queues and functions through targets, and those for
// HTTP endpoints with client. If client is nil, New uses one that waits 15 seconds for a response.
func New(t *tap.Tap, targets delivery.Target, client *http.Client) *Service {
	if client == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, postsAtOnce // so that a burst doesn't exhaust the ports
		client = &http.Client{Timeout: httpTimeout, Transport: transport}
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Service{
		tap: t, targets: targets, client: client, topics: map[string]*topic{},
		closing: ctx, close: cancel, posts: make(chan struct{}, postsAtOnce),
	}
}

// Close cancels deliveries over HTTP and waits for them to end.
func (s *Service) Close() {
	s.close()
	s.posting.Wait()
	s.client.CloseIdleConnections()
}

// Wire returns the table of operations.
func (s *Service) Wire() *wire.Service {
	return &wire.Service{
		Name:      "sns",
		Namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
		Operations: []wire.Operation{
			wire.Op("Publish", s.Publish, need[*PublishInput]("Publish")),
			wire.Op("PublishBatch", s.PublishBatch, need[*PublishBatchInput]("Publish")),
			wire.Op("CreateTopic", s.CreateTopic, need[*CreateTopicInput]("CreateTopic")),
			wire.Op("DeleteTopic", s.DeleteTopic, need[*DeleteTopicInput]("DeleteTopic")),
			wire.Op("ListTopics", s.ListTopics, need[*ListTopicsInput]("ListTopics")),
			wire.Op("GetTopicAttributes", s.GetTopicAttributes, need[*GetTopicAttributesInput]("GetTopicAttributes")),
			wire.Op("SetTopicAttributes", s.SetTopicAttributes, need[*SetTopicAttributesInput]("SetTopicAttributes")),
			wire.Op("Subscribe", s.Subscribe, need[*SubscribeInput]("Subscribe")),
			wire.Op("ConfirmSubscription", s.ConfirmSubscription, need[*ConfirmSubscriptionInput]("ConfirmSubscription")),
			wire.Op("Unsubscribe", s.Unsubscribe, need[*UnsubscribeInput]("Unsubscribe")),
			wire.Op("ListSubscriptions", s.ListSubscriptions, need[*ListSubscriptionsInput]("ListSubscriptions")),
			wire.Op("ListSubscriptionsByTopic", s.ListSubscriptionsByTopic, need[*ListSubscriptionsByTopicInput]("ListSubscriptionsByTopic")),
			wire.Op("GetSubscriptionAttributes", s.GetSubscriptionAttributes, need[*GetSubscriptionAttributesInput]("GetSubscriptionAttributes")),
			wire.Op("SetSubscriptionAttributes", s.SetSubscriptionAttributes, need[*SetSubscriptionAttributesInput]("SetSubscriptionAttributes")),
			wire.Op("TagResource", s.TagResource, need[*TagResourceInput]("TagResource")),
			wire.Op("UntagResource", s.UntagResource, need[*UntagResourceInput]("UntagResource")),
			wire.Op("ListTagsForResource", s.ListTagsForResource, need[*ListTagsForResourceInput]("ListTagsForResource")),
		},
	}
}

// about is an input with the ARN of a topic or of a subscription to one.
type about interface{ resource() string }

// need returns the permission that an input needs on its topic.
func need[P interface {
	about
	*In
}, In any](action string) func(*In) []wire.Access {
	return func(in *In) []wire.Access {
		return []wire.Access{{Action: "sns:" + action, Resource: topicOf(P(in).resource())}}
	}
}

// topicOf returns the ARN of a subscription's topic. It returns a topic's ARN unchanged.
func topicOf(arn string) string {
	parts := strings.SplitN(arn, ":", 7)
	return strings.Join(parts[:min(len(parts), 6)], ":")
}

// Empty is the output of operations that return nothing.
type Empty struct{}

// find returns a topic. The caller holds the mutex.
func (s *Service) find(arn string) (*topic, error) {
	if t := s.topics[arn]; t != nil {
		return t, nil
	}
	if err := checkTopicARN(arn); err != nil {
		return nil, err
	}
	return nil, errNotFound("Topic")
}

// arnParts is the minimum number of parts in an ARN, separated by colons.
const arnParts = 6

func checkARN(member, arn string) error {
	if n := strings.Count(arn, ":") + 1; n < arnParts {
		return errInvalid("%s Reason: An ARN must have at least %d elements, not %d", member, arnParts, n)
	}
	return nil
}

// checkTopicARN rejects an ARN that identifies no topic of this region. A topic of another account is just missing.
// Source: LocalStack's test_topic_publish_another_region and test_cross_region_access, validated against AWS.
func checkTopicARN(arn string) error {
	if err := checkARN("TopicArn", arn); err != nil {
		return err
	}
	_, err := wire.Local("sns", "", arn)
	if mismatch, ok := errors.AsType[*wire.Mismatch](err); ok && mismatch.Part != "account" {
		return errInvalid("TopicArn")
	}
	return nil
}
