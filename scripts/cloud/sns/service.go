package sns

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"example.com/localcloud/delivery"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// httpTimeout is how long AWS waits for an HTTP endpoint's answer.
const httpTimeout = 15 * time.Second

// Service is Amazon SNS. Make it with New and Close it: deliveries over HTTP are
// goroutines.
type Service struct {
	tap     *tap.Tap
	journal *journal.Journal // nil: everything is lost with the process
	targets delivery.Target
	client  *http.Client

	mu     sync.RWMutex
	topics map[string]*topic // by ARN

	closing context.Context
	close   context.CancelFunc
	posting sync.WaitGroup
	posts   chan struct{} // one for each request under way
}

// New returns a service without topics. It hands messages for queues and functions
// to the targets, and sends those for HTTP endpoints with the client (nil: one that
// waits 15 seconds for an answer).
func New(t *tap.Tap, targets delivery.Target, client *http.Client) *Service {
	if client == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, postsAtOnce // a burst leaves no ports behind
		client = &http.Client{Timeout: httpTimeout, Transport: transport}
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Service{
		tap: t, targets: targets, client: client, topics: map[string]*topic{},
		closing: ctx, close: cancel, posts: make(chan struct{}, postsAtOnce),
	}
}

// Close ends deliveries over HTTP, those under way included.
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

// about is an input that says which topic it is about, by its ARN or that of a
// subscription.
type about interface{ resource() string }

// need asks for a permission on the topic that an input is about.
func need[P interface {
	about
	*In
}, In any](action string) func(*In) []wire.Access {
	return func(in *In) []wire.Access {
		return []wire.Access{{Action: "sns:" + action, Resource: topicOf(P(in).resource())}}
	}
}

// topicOf returns the ARN of a subscription's topic, and that of a topic as it is.
func topicOf(arn string) string {
	parts := strings.SplitN(arn, ":", 7)
	return strings.Join(parts[:min(len(parts), 6)], ":")
}

// Empty is the answer of operations that say nothing.
type Empty struct{}

// arnParts is how many parts an ARN has at least, between colons.
const arnParts = 6

// find returns a topic; the mutex is held.
func (s *Service) find(arn string) (*topic, error) {
	if t := s.topics[arn]; t != nil {
		return t, nil
	}
	if n := strings.Count(arn, ":") + 1; n < arnParts {
		return nil, errInvalid("TopicArn Reason: An ARN must have at least %d elements, not %d", arnParts, n)
	}
	return nil, errNotFound("Topic")
}
