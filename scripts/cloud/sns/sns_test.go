package sns_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/delivery"
	"example.com/localcloud/sns"
	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// queues is a target that keeps deliveries or rejects them.
type queues struct {
	mu    sync.Mutex
	taken []delivery.Delivery
	fail  map[string]error // by ARN
}

func (q *queues) Deliver(_ context.Context, d delivery.Delivery) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.fail[d.To]; err != nil {
		return err
	}
	q.taken = append(q.taken, d)
	return nil
}

// cloud is SNS over HTTP with real queues behind it.
type cloud struct {
	*testing.T
	sns    *awssns.Client
	topics *sns.Service
	queues *sqs.Service
	taps   *tap.Tap
	url    string
}

func serve(t *testing.T) *cloud {
	c := &cloud{T: t, taps: new(tap.Tap)}
	c.queues = sqs.New(c.taps)
	c.topics = sns.New(c.taps, delivery.Router{"sqs": c.queues}, nil)
	signed := c.topics.Wire()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch public := c.topics.Public(r); {
		case r.Header.Get("Authorization") != "":
			signed.ServeHTTP(w, r)
		case public != nil:
			public.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(c.queues.Close)
	t.Cleanup(c.topics.Close)
	c.url = server.URL
	c.sns = awssns.New(awssns.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	return c
}

const admitSNS = `{"Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}]}`

func (c *cloud) queue(name string, attributes map[string]string) string {
	c.Helper()
	all := map[string]string{"Policy": admitSNS}
	for key, value := range attributes {
		all[key] = value
	}
	if _, err := c.queues.CreateQueue(c.Context(), &sqs.CreateQueueInput{QueueName: name, Attributes: all}); err != nil {
		c.Fatal(err)
	}
	return wire.ARN("sqs", name)
}

func (c *cloud) topic(name string, attributes map[string]string) string {
	c.Helper()
	out, err := c.sns.CreateTopic(c.Context(), &awssns.CreateTopicInput{Name: &name, Attributes: attributes})
	if err != nil {
		c.Fatal(err)
	}
	return *out.TopicArn
}

func (c *cloud) subscribe(topic, protocol, endpoint string, attributes map[string]string) string {
	c.Helper()
	out, err := c.sns.Subscribe(c.Context(), &awssns.SubscribeInput{
		TopicArn: &topic, Protocol: &protocol, Endpoint: &endpoint, Attributes: attributes, ReturnSubscriptionArn: true,
	})
	if err != nil {
		c.Fatal(err)
	}
	return *out.SubscriptionArn
}

func (c *cloud) receive(queue string) []sqs.Message {
	c.Helper()
	out, err := c.queues.ReceiveMessage(c.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: queue, MaxNumberOfMessages: new(10), MessageAttributeNames: []string{"All"}, AttributeNames: []string{"All"},
	})
	if err != nil {
		c.Fatal(err)
	}
	return out.Messages
}

func TestPublishToQueues(t *testing.T) {
	c := serve(t)
	topic := c.topic("topic", nil)
	c.subscribe(topic, "sqs", c.queue("raw", nil), map[string]string{"RawMessageDelivery": "true"})
	wrapped := c.subscribe(topic, "sqs", c.queue("wrapped", nil), nil)
	published, err := c.sns.Publish(c.Context(), &awssns.PublishInput{
		TopicArn: &topic, Message: aws.String(`{"a": "<&>"}`), Subject: aws.String("subject"),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"text":   {DataType: aws.String("String"), StringValue: aws.String("v")},
			"binary": {DataType: aws.String("Binary"), BinaryValue: []byte{1, 2}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	raw := c.receive("raw")[0]
	want := map[string]sqs.MessageAttributeValue{"text": {DataType: "String", StringValue: "v"}, "binary": {DataType: "Binary", BinaryValue: []byte{1, 2}}}
	if diff := cmp.Diff(want, raw.MessageAttributes); diff != "" || raw.Body != `{"a": "<&>"}` {
		t.Errorf("raw body %s\n%s", raw.Body, diff)
	}
	var got map[string]any
	body := c.receive("wrapped")[0].Body
	if err := json.Unmarshal([]byte(body), &got); err != nil || !strings.Contains(body, "<&>") {
		t.Fatalf("%v in %s", err, body)
	}
	var n posted
	if err := json.Unmarshal([]byte(body), &n); err != nil {
		t.Fatal(err)
	}
	checkSignature(t, n, x509.SHA1WithRSA, "Message\n"+n.Message+"\nMessageId\n"+n.MessageId+"\nSubject\nsubject\nTimestamp\n"+n.Timestamp+
		"\nTopicArn\n"+topic+"\nType\nNotification\n")
	for _, differs := range []string{"Timestamp", "Signature", "SignatureVersion", "SigningCertURL"} {
		delete(got, differs)
	}
	wanted := map[string]any{
		"Type": "Notification", "MessageId": *published.MessageId, "TopicArn": topic, "Subject": "subject", "Message": `{"a": "<&>"}`,
		"UnsubscribeURL":    c.url + "/?Action=Unsubscribe&SubscriptionArn=" + strings.ReplaceAll(wrapped, ":", "%3A"),
		"MessageAttributes": map[string]any{"text": map[string]any{"Type": "String", "Value": "v"}, "binary": map[string]any{"Type": "Binary", "Value": "AQI="}},
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Error(diff)
	}
}

func TestMessageStructure(t *testing.T) {
	c := serve(t)
	topic := c.topic("topic", nil)
	c.subscribe(topic, "sqs", c.queue("q", nil), map[string]string{"RawMessageDelivery": "true"})
	for message, want := range map[string]string{`{"default": "d", "sqs": "for queues"}`: "for queues", `{"default": "d", "lambda": "l"}`: "d"} {
		if _, err := c.sns.Publish(c.Context(), &awssns.PublishInput{TopicArn: &topic, Message: &message, MessageStructure: aws.String("json")}); err != nil {
			t.Fatal(err)
		}
		if got := c.receive("q")[0].Body; got != want {
			t.Errorf("%s delivers %s", message, got)
		}
	}
}

func TestUndelivered(t *testing.T) {
	c := serve(t)
	listener := c.taps.Listen(100)
	topic := c.topic("topic", nil)
	dead := c.queue("dead", nil)
	c.subscribe(topic, "sqs", wire.ARN("sqs", "none"), map[string]string{"RawMessageDelivery": "true", "RedrivePolicy": `{"deadLetterTargetArn":"` + dead + `"}`})
	c.subscribe(topic, "sqs", wire.ARN("sqs", "nowhere"), nil)
	if _, err := c.sns.Publish(c.Context(), &awssns.PublishInput{
		TopicArn: &topic, Message: aws.String("m"), MessageAttributes: map[string]types.MessageAttributeValue{"k": {DataType: aws.String("String"), StringValue: aws.String("v")}},
	}); err != nil {
		t.Fatal(err)
	}
	letters := c.receive("dead")
	if len(letters) != 1 || letters[0].Body != "m" || letters[0].MessageAttributes["k"].StringValue != "v" {
		t.Errorf("dead letters %v", letters)
	}
	listener.Close()
	notes := ""
	for hop := range listener.C {
		if hop.Kind == tap.Undelivered {
			notes += hop.Note + "\n"
		}
	}
	if strings.Count(notes, "QueueDoesNotExist") != 2 || !strings.Contains(notes, "moved to "+dead) || !strings.Contains(notes, "it is lost") {
		t.Error(notes)
	}
}

func TestLambdaEvent(t *testing.T) {
	functions := &queues{}
	service := sns.New(new(tap.Tap), functions, nil)
	defer service.Close()
	ctx := t.Context()
	if _, err := service.CreateTopic(ctx, &sns.CreateTopicInput{Name: "topic"}); err != nil {
		t.Fatal(err)
	}
	function := wire.ARN("lambda", "function:f")
	sub, err := service.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topicARN, Protocol: "lambda", Endpoint: function})
	if err != nil {
		t.Fatal(err)
	}
	published, err := service.Publish(ctx, &sns.PublishInput{TopicArn: topicARN, Publishing: sns.Publishing{Message: "m"}})
	if err != nil {
		t.Fatal(err)
	}
	var event struct {
		Records []struct {
			EventSource, EventSubscriptionArn string
			Sns                               struct{ MessageId, Message, TopicArn, Type string }
		}
	}
	d := functions.taken[0]
	if err := json.Unmarshal(d.Body, &event); err != nil || d.To != function || d.Service != "sns.amazonaws.com" || d.Source != topicARN {
		t.Fatalf("%v in %+v", err, d)
	}
	r := event.Records[0]
	if r.EventSource != "aws:sns" || r.EventSubscriptionArn != sub.SubscriptionArn || r.Sns.Message != "m" || r.Sns.MessageId != published.MessageId {
		t.Errorf("event %s", d.Body)
	}
}

func TestFIFOTopic(t *testing.T) {
	c := serve(t)
	topic := c.topic("t.fifo", map[string]string{"FifoTopic": "true", "ContentBasedDeduplication": "true"})
	c.subscribe(topic, "sqs", c.queue("q.fifo", map[string]string{"FifoQueue": "true"}), map[string]string{"RawMessageDelivery": "true"})
	c.subscribe(topic, "sqs", c.queue("standard", nil), map[string]string{"RawMessageDelivery": "true"})
	entries := []types.PublishBatchRequestEntry{}
	for _, text := range []string{"a", "b", "a"} {
		entries = append(entries, types.PublishBatchRequestEntry{Id: aws.String(string(rune('0' + len(entries)))), Message: &text, MessageGroupId: aws.String("g")})
	}
	out, err := c.sns.PublishBatch(c.Context(), &awssns.PublishBatchInput{TopicArn: &topic, PublishBatchRequestEntries: entries})
	if err != nil || len(out.Successful) != 3 || *out.Successful[0].MessageId != *out.Successful[2].MessageId || *out.Successful[0].SequenceNumber >= *out.Successful[1].SequenceNumber {
		t.Errorf("published %+v, %v", out, err)
	}
	for _, queue := range []string{"q.fifo", "standard"} {
		got := []string{}
		for _, m := range c.receive(queue) {
			got = append(got, m.Body)
		}
		if !cmp.Equal(got, []string{"a", "b"}) {
			t.Errorf("%s contains %v", queue, got)
		}
	}
}

func TestTopicsAndSubscriptions(t *testing.T) {
	c := serve(t)
	ctx := t.Context()
	topic := c.topic("topic", map[string]string{"DisplayName": "d"})
	if again := c.topic("topic", map[string]string{"DisplayName": "d"}); again != topic {
		t.Errorf("a second CreateTopic returned %s", again)
	}
	sub := c.subscribe(topic, "sqs", wire.ARN("sqs", "q"), nil)
	if again := c.subscribe(topic, "sqs", wire.ARN("sqs", "q"), nil); again != sub {
		t.Errorf("a second Subscribe returned %s", again)
	}
	c.subscribe(topic, "email", "a@b", nil)
	attributes, err := c.sns.GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: &topic})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"DisplayName": "d", "SubscriptionsConfirmed": "1", "SubscriptionsPending": "1", "Owner": wire.Account} {
		if got := attributes.Attributes[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	listed, err := c.sns.ListSubscriptionsByTopic(ctx, &awssns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	if err != nil || len(listed.Subscriptions) != 2 {
		t.Fatalf("listed %v, %v", listed, err)
	}
	c.set(sub, "RawMessageDelivery", "true")
	c.set(sub, "FilterPolicyScope", "MessageBody")
	c.set(sub, "FilterPolicy", `{"a":{"b":["c"]}}`)
	got, err := c.sns.GetSubscriptionAttributes(ctx, &awssns.GetSubscriptionAttributesInput{SubscriptionArn: &sub})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"SubscriptionArn": sub, "TopicArn": topic, "Protocol": "sqs", "Endpoint": wire.ARN("sqs", "q"), "Owner": wire.Account, "RawMessageDelivery": "true",
		"FilterPolicyScope": "MessageBody", "FilterPolicy": `{"a":{"b":["c"]}}`, "ConfirmationWasAuthenticated": "true", "PendingConfirmation": "false",
	}
	if diff := cmp.Diff(want, got.Attributes); diff != "" {
		t.Error(diff)
	}
	if _, err := c.sns.TagResource(ctx, &awssns.TagResourceInput{ResourceArn: &topic, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.sns.UntagResource(ctx, &awssns.UntagResourceInput{ResourceArn: &topic, TagKeys: []string{"a"}}); err != nil {
		t.Fatal(err)
	}
	if tags, err := c.sns.ListTagsForResource(ctx, &awssns.ListTagsForResourceInput{ResourceArn: &topic}); err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "b" {
		t.Errorf("tags %v, %v", tags, err)
	}
	if _, err := c.sns.Unsubscribe(ctx, &awssns.UnsubscribeInput{SubscriptionArn: &sub}); err != nil {
		t.Fatal(err)
	}
	if all, err := c.sns.ListSubscriptions(ctx, &awssns.ListSubscriptionsInput{}); err != nil || len(all.Subscriptions) != 1 || *all.Subscriptions[0].SubscriptionArn != "PendingConfirmation" {
		t.Errorf("subscriptions %v, %v", all, err)
	}
	for i := range 101 {
		c.topic("page-"+string(rune('a'+i/26))+string(rune('a'+i%26)), nil)
	}
	count := 0
	for pages := awssns.NewListTopicsPaginator(c.sns, &awssns.ListTopicsInput{}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		count += len(page.Topics)
	}
	if count != 102 {
		t.Errorf("%d topics", count)
	}
	if _, err := c.sns.DeleteTopic(ctx, &awssns.DeleteTopicInput{TopicArn: &topic}); err != nil {
		t.Fatal(err)
	}
}

func (c *cloud) set(sub, name, value string) {
	c.Helper()
	if _, err := c.sns.SetSubscriptionAttributes(c.Context(), &awssns.SetSubscriptionAttributesInput{SubscriptionArn: &sub, AttributeName: &name, AttributeValue: &value}); err != nil {
		c.Fatal(err)
	}
}

func TestErrors(t *testing.T) {
	c := serve(t)
	topic, fifo := c.topic("topic", map[string]string{"DisplayName": "d"}), c.topic("t.fifo", map[string]string{"FifoTopic": "true"})
	none := wire.ARN("sns", "none")
	sub := c.subscribe(topic, "sqs", wire.ARN("sqs", "q"), nil)
	text := aws.String
	publish := func(in *awssns.PublishInput) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.sns.Publish(ctx, in); return err }
	}
	subscribe := func(topic, protocol, endpoint string, attributes ...string) func(context.Context) error {
		asked := map[string]string{}
		for i := 0; i < len(attributes); i += 2 {
			asked[attributes[i]] = attributes[i+1]
		}
		return func(ctx context.Context) error {
			_, err := c.sns.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: &topic, Protocol: &protocol, Endpoint: &endpoint, Attributes: asked})
			return err
		}
	}
	make := func(in *awssns.CreateTopicInput) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.sns.CreateTopic(ctx, in); return err }
	}
	batch := func(ids ...string) func(context.Context) error {
		entries := []types.PublishBatchRequestEntry{}
		for _, id := range ids {
			entries = append(entries, types.PublishBatchRequestEntry{Id: &id, Message: text(strings.Repeat("x", 140_000))})
		}
		return func(ctx context.Context) error {
			_, err := c.sns.PublishBatch(ctx, &awssns.PublishBatchInput{TopicArn: &topic, PublishBatchRequestEntries: entries})
			return err
		}
	}
	for name, test := range map[string]struct {
		call       func(context.Context) error
		want, part string
	}{
		"no topic":         {publish(&awssns.PublishInput{TopicArn: &none, Message: text("m")}), "NotFound", "Topic does not exist"},
		"nowhere":          {publish(&awssns.PublishInput{Message: text("m")}), "InvalidParameter", "TopicArn"},
		"empty":            {publish(&awssns.PublishInput{TopicArn: &topic, Message: text("")}), "InvalidParameter", "Empty message"},
		"too long":         {publish(&awssns.PublishInput{TopicArn: &topic, Message: text(strings.Repeat("x", 256<<10+1))}), "InvalidParameter", "Message too long"},
		"no default":       {publish(&awssns.PublishInput{TopicArn: &topic, Message: text(`{"sqs":"s"}`), MessageStructure: text("json")}), "InvalidParameter", "No default entry"},
		"attribute's type": {publish(&awssns.PublishInput{TopicArn: &topic, Message: text("m"), MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: text("Text"), StringValue: text("b")}}}), "ParameterValueInvalid", "'a'"},
		"no group":         {publish(&awssns.PublishInput{TopicArn: &fifo, Message: text("m"), MessageDeduplicationId: text("d")}), "InvalidParameter", "MessageGroupId"},
		"no deduplication": {publish(&awssns.PublishInput{TopicArn: &fifo, Message: text("m"), MessageGroupId: text("g")}), "InvalidParameter", "ContentBasedDeduplication"},
		"deduplication":    {publish(&awssns.PublishInput{TopicArn: &topic, Message: text("m"), MessageDeduplicationId: text("g")}), "InvalidParameter", "not valid for this topic type"},
		"many entries":     {batch(strings.Split("abcdefghijk", "")...), "TooManyEntriesInBatchRequest", "more entries"},
		"double ids":       {batch("a", "a"), "BatchEntryIdsNotDistinct", "same Id"},
		"long batch":       {batch("a", "b"), "BatchRequestTooLong", "262144"},
		"bad name":         {make(&awssns.CreateTopicInput{Name: text("a b")}), "InvalidParameter", "Topic Name"},
		"FIFO's name":      {make(&awssns.CreateTopicInput{Name: text("t"), Attributes: map[string]string{"FifoTopic": "true"}}), "InvalidParameter", "Topic Name"},
		"other attributes": {make(&awssns.CreateTopicInput{Name: text("topic"), Attributes: map[string]string{"DisplayName": "e"}}), "InvalidParameter", "different attributes"},
		"other tags":       {make(&awssns.CreateTopicInput{Name: text("topic"), Tags: []types.Tag{{Key: text("a"), Value: text("b")}}}), "InvalidParameter", "different tags"},
		"unknown":          {make(&awssns.CreateTopicInput{Name: text("u"), Attributes: map[string]string{"Colour": "red"}}), "InvalidParameter", "Colour"},
		"bad policy":       {make(&awssns.CreateTopicInput{Name: text("u"), Attributes: map[string]string{"Policy": "{"}}), "InvalidParameter", "Policy"},
		"queue by URL":     {subscribe(topic, "sqs", "http://h/0/q"), "InvalidParameter", "SQS endpoint ARN"},
		"protocol":         {subscribe(topic, "sms", "1"), "InvalidParameter", "sms"},
		"scheme":           {subscribe(topic, "https", "http://h/"), "InvalidParameter", "match the specified protocol"},
		"FIFO queue":       {subscribe(topic, "sqs", wire.ARN("sqs", "q.fifo")), "InvalidParameter", "FIFO SQS Queues can not be subscribed"},
		"FIFO to function": {subscribe(fifo, "lambda", wire.ARN("lambda", "function:f")), "InvalidParameter", "FIFO topic"},
		"raw to function":  {subscribe(topic, "lambda", wire.ARN("lambda", "function:f"), "RawMessageDelivery", "true"), "InvalidParameter", "raw message delivery"},
		"again otherwise":  {subscribe(topic, "sqs", wire.ARN("sqs", "q"), "RawMessageDelivery", "true"), "InvalidParameter", "different attributes"},
		"dead-letter ARN":  {subscribe(topic, "sqs", wire.ARN("sqs", "r"), "RedrivePolicy", `{"deadLetterTargetArn":"x"}`), "InvalidParameter", "invalid arn"},
		"scope": {func(ctx context.Context) error {
			_, err := c.sns.SetSubscriptionAttributes(ctx, &awssns.SetSubscriptionAttributesInput{SubscriptionArn: &sub, AttributeName: text("FilterPolicyScope"), AttributeValue: text("RandomValue")})
			return err
		}, "InvalidParameter", "Invalid parameter: FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes"},
		"token": {func(ctx context.Context) error {
			_, err := c.sns.ConfirmSubscription(ctx, &awssns.ConfirmSubscriptionInput{TopicArn: &topic, Token: text("t")})
			return err
		}, "InvalidParameter", "Token"},
		"tags of nothing": {func(ctx context.Context) error {
			_, err := c.sns.ListTagsForResource(ctx, &awssns.ListTagsForResourceInput{ResourceArn: &none})
			return err
		}, "ResourceNotFound", "does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.call(t.Context())
			api, ok := errors.AsType[smithy.APIError](err)
			if !ok || api.ErrorCode() != test.want || !strings.Contains(api.ErrorMessage(), test.part) {
				t.Errorf("%v, want %s with %q", err, test.want, test.part)
			}
		})
	}
}

func TestDeliver(t *testing.T) {
	c := serve(t)
	topic := c.topic("topic", nil)
	c.subscribe(topic, "sqs", c.queue("q", nil), map[string]string{"RawMessageDelivery": "true"})
	d := delivery.Delivery{To: topic, Service: "events.amazonaws.com", Source: wire.ARN("events", "rule/bus/r"), Body: []byte("m")}
	err := c.topics.Deliver(t.Context(), d)
	if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code != "AuthorizationError" || !strings.Contains(e.Message, "events.amazonaws.com") {
		t.Errorf("without a policy: %v", err)
	}
	admit := `{"Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"` + topic + `"}]}`
	if _, err := c.sns.SetTopicAttributes(t.Context(), &awssns.SetTopicAttributesInput{TopicArn: &topic, AttributeName: aws.String("Policy"), AttributeValue: &admit}); err != nil {
		t.Fatal(err)
	}
	if err := c.topics.Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := c.receive("q"); len(got) != 1 || got[0].Body != "m" {
		t.Errorf("received %v", got)
	}
}
