package cloud_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// open allows every service to send to a queue.
const open = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}`

func (l *life) topic(t *testing.T, name string, attributes map[string]string) (arn string) {
	t.Helper()
	return *must(l.sns.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &name, Attributes: attributes}))(t).TopicArn
}

func (l *life) subscribe(t *testing.T, topic, protocol, endpoint string, attributes map[string]string) (arn string) {
	t.Helper()
	return *must(l.sns.Subscribe(t.Context(), &sns.SubscribeInput{
		TopicArn: &topic, Protocol: &protocol, Endpoint: &endpoint, Attributes: attributes, ReturnSubscriptionArn: true,
	}))(t).SubscriptionArn
}

func topicsStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	q := l.queue(t, "jobs", map[string]string{"Policy": open})
	topic := l.topic(t, "news", map[string]string{"DisplayName": "News"})
	must(l.sns.TagResource(ctx, &sns.TagResourceInput{ResourceArn: &topic, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}}))(t)
	sub := l.subscribe(t, topic, "sqs", arnOf("sqs", "jobs"), map[string]string{"RawMessageDelivery": "true"})
	must(l.sns.SetSubscriptionAttributes(ctx, &sns.SetSubscriptionAttributesInput{
		SubscriptionArn: &sub, AttributeName: aws.String("FilterPolicy"), AttributeValue: aws.String(`{"kind":["good"]}`)}))(t)
	ended := l.subscribe(t, topic, "sqs", arnOf("sqs", "other"), nil)
	must(l.sns.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: &ended}))(t)
	gone := l.topic(t, "gone", nil)
	must(l.sns.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: &gone}))(t)
	attributes := func() map[string]string {
		return must(l.sns.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &topic}))(t).Attributes
	}
	subscription := func() map[string]string {
		return must(l.sns.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: &sub}))(t).Attributes
	}
	before, subscribed := attributes(), subscription()

	l = again(l)
	same(t, before, attributes())
	same(t, subscribed, subscription())
	same(t, 1, len(must(l.sns.ListTopics(ctx, &sns.ListTopicsInput{}))(t).Topics))
	same(t, "team", *must(l.sns.ListTagsForResource(ctx, &sns.ListTagsForResourceInput{ResourceArn: &topic}))(t).Tags[0].Key)
	for _, kind := range []string{"bad", "good"} {
		must(l.sns.Publish(ctx, &sns.PublishInput{TopicArn: &topic, Message: &kind,
			MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: &kind}}}))(t)
	}
	l = again(l)
	same(t, []string{"good"}, bodies(l.receive(t, q, 600)))
}

func fifoTopicStory(t *testing.T, l *life, again func(*life) *life) {
	q := l.queue(t, "jobs.fifo", map[string]string{"FifoQueue": "true", "Policy": open})
	topic := l.topic(t, "news.fifo", map[string]string{"FifoTopic": "true"})
	l.subscribe(t, topic, "sqs", arnOf("sqs", "jobs.fifo"), map[string]string{"RawMessageDelivery": "true"})
	publish := func(text string) *sns.PublishOutput {
		t.Helper()
		return must(l.sns.Publish(t.Context(), &sns.PublishInput{TopicArn: &topic, Message: &text, MessageGroupId: aws.String("g"), MessageDeduplicationId: &text}))(t)
	}
	first := publish("one")
	must(l.mq.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: &q}))(t)

	l = again(l)
	repeat := publish("one")
	same(t, *first.MessageId, *repeat.MessageId)
	same(t, *first.SequenceNumber, *repeat.SequenceNumber)
	if next := publish("two"); *next.SequenceNumber <= *first.SequenceNumber {
		t.Errorf("the sequence number is %s after %s", *next.SequenceNumber, *first.SequenceNumber)
	}
	same(t, []string{"two"}, bodies(l.receive(t, q, 600)))
}

var tokenOf = regexp.MustCompile(`"Token" ?: ?"([^"]+)"`)

// postingStory has a subscriber that fails in the first life and succeeds in the second.
func postingStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	var well atomic.Bool
	var tokens, greeting, next atomic.Pointer[string] // a message may arrive twice, and after another
	subscriber := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		body := string(raw)
		switch {
		case tokenOf.MatchString(body):
			tokens.Store(&tokenOf.FindStringSubmatch(body)[1])
		case !well.Load():
			w.WriteHeader(http.StatusInternalServerError)
		case strings.Contains(body, "greeting"):
			greeting.Store(&body)
		default:
			next.Store(&body)
		}
	}))
	defer subscriber.Close()
	topic := l.topic(t, "news", nil)
	sub := l.subscribe(t, topic, "http", subscriber.URL, nil)
	eventually(t, "the subscriber is asked", func() bool { return tokens.Load() != nil })
	tokens.Store(nil)

	l = again(l)
	eventually(t, "the subscriber is asked again", func() bool { return tokens.Load() != nil })
	confirmed := must(l.sns.ConfirmSubscription(ctx, &sns.ConfirmSubscriptionInput{TopicArn: &topic, Token: tokens.Load()}))(t)
	same(t, sub, *confirmed.SubscriptionArn)
	published := must(l.sns.Publish(ctx, &sns.PublishInput{TopicArn: &topic, Message: aws.String("hello"), Subject: aws.String("greeting")}))(t)

	l = again(l)
	well.Store(true)
	l = again(l) // otherwise the next attempt would follow after 20 seconds
	eventually(t, "the message arrives", func() bool { return greeting.Load() != nil })
	for _, part := range []string{*published.MessageId, "hello"} {
		if !strings.Contains(*greeting.Load(), part) {
			t.Errorf("the subscriber got %s, without %s", *greeting.Load(), part)
		}
	}
	l = again(l)
	must(l.sns.Publish(ctx, &sns.PublishInput{TopicArn: &topic, Message: aws.String("again")}))(t)
	eventually(t, "the next one arrives", func() bool { return next.Load() != nil && strings.Contains(*next.Load(), "again") })
}
