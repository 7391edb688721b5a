package sns_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"example.com/localcloud/sns"
	"example.com/localcloud/wire"
)

// refused checks an error's code and a part of its message.
func refused(t *testing.T, err error, code, part string) {
	t.Helper()
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), part) {
		t.Errorf("%v, want %s with %q", err, code, part)
	}
}

// TestSizes follows LocalStack's test_publish_too_long_message and test_publish_batch_too_long_message, validated against
// AWS: attributes count with their names and types.
func TestSizes(t *testing.T) {
	c := serve(t)
	topic := c.topic("topic", nil)
	attributes := map[string]types.MessageAttributeValue{"attr": {DataType: aws.String("Binary"), BinaryValue: make([]byte, 100_000)}}
	const overhead = len("attr") + len("Binary") + 100_000
	for over := range 2 {
		text := strings.Repeat("a", sns.MaxMessage-overhead+over)
		_, err := c.sns.Publish(t.Context(), &awssns.PublishInput{TopicArn: &topic, Message: &text, MessageAttributes: attributes})
		_, batchErr := c.sns.PublishBatch(t.Context(), &awssns.PublishBatchInput{TopicArn: &topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
			{Id: aws.String("1"), Message: aws.String(text[1:]), MessageAttributes: attributes}, {Id: aws.String("2"), Message: aws.String("b")},
		}})
		if over == 0 {
			if err != nil || batchErr != nil {
				t.Errorf("the largest message: %v, %v", err, batchErr)
			}
			continue
		}
		refused(t, err, "InvalidParameter", "Invalid parameter: Message too long")
		refused(t, batchErr, "BatchRequestTooLong", "The length of all the messages put together is more than the limit")
	}
}

// TestAttributesOfMessages expects AWS's texts (LocalStack's test_empty_or_wrong_message_attributes and
// test_message_attributes_prefixes, validated against AWS). One wrong attribute fails a whole batch.
func TestAttributesOfMessages(t *testing.T) {
	c := serve(t)
	topic := c.topic("topic", nil)
	c.subscribe(topic, "sqs", c.queue("q", nil), map[string]string{"RawMessageDelivery": "true"})
	text := func(value string) types.MessageAttributeValue {
		return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
	}
	for name, test := range map[string]struct {
		name  string
		value types.MessageAttributeValue
		want  string // "" if it is valid
	}{
		"all characters":   {"aZ0_-.x", text("v"), ""},
		"AWS inside":       {"my.AWS.x", text("v"), ""},
		"label":            {"a", types.MessageAttributeValue{DataType: aws.String("String.  label."), StringValue: aws.String("v")}, ""},
		"array":            {"a", types.MessageAttributeValue{DataType: aws.String("String.Array"), StringValue: aws.String(`["b", 1, true, null]`)}, ""},
		"space":            {"a b", text("v"), "Invalid non-alphanumeric character '#x20' was found in the message attribute name."},
		"beyond ASCII":     {"größe", text("v"), "Invalid non-alphanumeric character '#xF6' was found"},
		"circumflex":       {"a^*?", text("v"), "'#x5E'"},
		"first dot":        {".abc", text("v"), "starting with character '.' was found."},
		"last dot":         {"abc.", text("v"), "ending with character '.' was found."},
		"two dots":         {"a..bc", text("v"), "Message attribute name can not have successive '.' character."},
		"reserved":         {"AWS.x", text("v"), "prefix that AWS reserves"},
		"reserved, too":    {"amazon.x", text("v"), "prefix that AWS reserves"},
		"long":             {strings.Repeat("a", 257), text("v"), "Length of message attribute name must be less than 256 bytes."},
		"empty value":      {"a", text(""), "must contain non-empty message attribute value for message attribute type 'String'."},
		"unknown type":     {"a", types.MessageAttributeValue{DataType: aws.String("Colour"), StringValue: aws.String("v")}, "invalid message attribute type"},
		"type with suffix": {"a", types.MessageAttributeValue{DataType: aws.String("Stringprefixed"), StringValue: aws.String("v")}, "invalid message attribute type"},
		"empty label":      {"a", types.MessageAttributeValue{DataType: aws.String("String."), StringValue: aws.String("v")}, "invalid message attribute type"},
		"bytes as text":    {"a", types.MessageAttributeValue{DataType: aws.String("String"), BinaryValue: []byte("v")}, "The message attribute 'a' with type 'String' must use field 'String'."},
		"bytes as number":  {"a", types.MessageAttributeValue{DataType: aws.String("Number"), BinaryValue: []byte("1")}, "must use field 'String'."},
		"text as bytes":    {"a", types.MessageAttributeValue{DataType: aws.String("Binary"), StringValue: aws.String("v")}, "must use field 'Binary'."},
		"both":             {"a", types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String("v"), BinaryValue: []byte("v")}, "must use field 'String'."},
		"no number":        {"a", types.MessageAttributeValue{DataType: aws.String("Number"), StringValue: aws.String("one")}, "to number"},
		"no array":         {"a", types.MessageAttributeValue{DataType: aws.String("String.Array"), StringValue: aws.String("b")}, "JSON array"},
		"nested array":     {"a", types.MessageAttributeValue{DataType: aws.String("String.Array"), StringValue: aws.String(`[["b"]]`)}, "JSON array"},
	} {
		t.Run(name, func(t *testing.T) {
			attributes := map[string]types.MessageAttributeValue{test.name: test.value}
			_, err := c.sns.Publish(t.Context(), &awssns.PublishInput{TopicArn: &topic, Message: aws.String("m"), MessageAttributes: attributes})
			_, batchErr := c.sns.PublishBatch(t.Context(), &awssns.PublishBatchInput{TopicArn: &topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
				{Id: aws.String("good"), Message: aws.String("m")}, {Id: aws.String("bad"), Message: aws.String("m"), MessageAttributes: attributes},
			}})
			if test.want != "" {
				refused(t, err, "ParameterValueInvalid", test.want)
				refused(t, batchErr, "ParameterValueInvalid", test.want)
				return
			}
			if err != nil || batchErr != nil {
				t.Fatal(err, batchErr)
			}
			if got := c.receive("q"); len(got) != 3 || len(got[0].MessageAttributes) != 1 { // what SNS takes, a queue can hold
				t.Errorf("received %+v", got)
			}
		})
	}
	_, err := c.sns.Publish(t.Context(), &awssns.PublishInput{TopicArn: &topic, Message: aws.String("m"), MessageAttributes: map[string]types.MessageAttributeValue{
		"a": {DataType: aws.String(""), StringValue: aws.String("v")}}})
	refused(t, err, "ValidationError", "messageAttributes.a.member.dataType")
	if got := c.receive("q"); len(got) > 0 {
		t.Errorf("what was refused arrived: %+v", got)
	}
}

func TestSubjects(t *testing.T) {
	c := serve(t)
	topic := c.topic("topic", nil)
	for subject, valid := range map[string]bool{
		"s": true, strings.Repeat("é", 100): true,
		"": false, strings.Repeat("s", 101): false, "a\nb": false, "a\x00b": false, // "": test_publish_with_empty_subject, validated against AWS
	} {
		_, err := c.sns.Publish(t.Context(), &awssns.PublishInput{TopicArn: &topic, Message: aws.String("m"), Subject: &subject})
		if valid && err != nil {
			t.Errorf("%q: %v", subject, err)
		}
		if !valid {
			refused(t, err, "InvalidParameter", "Invalid parameter: Subject")
		}
	}
}

// TestARNs names topics and subscriptions by what cannot identify one here. The texts are AWS's (LocalStack's
// test_publish_wrong_arn_format, test_unsubscribe_wrong_arn_format and test_cross_region_access, validated against AWS).
func TestARNs(t *testing.T) {
	c := serve(t)
	ctx := t.Context()
	topic := c.topic("topic", nil)
	sub := c.subscribe(topic, "sqs", c.queue("q", nil), nil)
	for arn, want := range map[string]string{
		"topic":                  "InvalidParameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
		"arn:aws:sns:us-east-1:": "InvalidParameter: TopicArn Reason: An ARN must have at least 6 elements, not 5",
		"arn:aws:sns:eu-west-1:000000000000:topic":    "InvalidParameter: TopicArn",
		"arn:aws-cn:sns:us-east-1:000000000000:topic": "InvalidParameter: TopicArn",
		"arn:aws:sqs:us-east-1:000000000000:topic":    "InvalidParameter: TopicArn",
		"arn:aws:sns:us-east-1:111111111111:topic":    "NotFound: Topic does not exist",
		wire.ARN("sns", "none"):                       "NotFound: Topic does not exist",
	} {
		code, part, _ := strings.Cut(want, ": ")
		for name, call := range map[string]func() error{
			"Publish": func() error {
				_, err := c.sns.Publish(ctx, &awssns.PublishInput{TopicArn: &arn, Message: aws.String("m")})
				return err
			},
			"GetTopicAttributes": func() error {
				_, err := c.sns.GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: &arn})
				return err
			},
			"Subscribe": func() error {
				_, err := c.sns.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: &arn, Protocol: aws.String("sqs"), Endpoint: aws.String(wire.ARN("sqs", "q"))})
				return err
			},
			"ListSubscriptionsByTopic": func() error {
				_, err := c.sns.ListSubscriptionsByTopic(ctx, &awssns.ListSubscriptionsByTopicInput{TopicArn: &arn})
				return err
			},
			"DeleteTopic": func() error { _, err := c.sns.DeleteTopic(ctx, &awssns.DeleteTopicInput{TopicArn: &arn}); return err },
		} {
			err := call()
			if name == "DeleteTopic" && code == "NotFound" {
				if err != nil {
					t.Errorf("%s %s: %v", name, arn, err)
				}
				continue
			}
			if t.Run(name+" "+arn, func(t *testing.T) { refused(t, err, code, part) }); t.Failed() {
				return
			}
		}
	}
	for arn, want := range map[string]string{
		"randomstring":                 "SubscriptionArn Reason: An ARN must have at least 6 elements, not 1",
		"arn:aws:sns:us-east-1:random": "SubscriptionArn Reason: An ARN must have at least 6 elements, not 5",
		topic:                          "SubscriptionId",
		strings.Replace(sub, "us-east-1", "eu-west-1", 1): "SubscriptionArn",
		"": "SubscriptionArn Reason: no value for required parameter",
	} {
		_, err := c.sns.Unsubscribe(ctx, &awssns.UnsubscribeInput{SubscriptionArn: &arn})
		refused(t, err, "InvalidParameter", want)
		_, err = c.sns.GetSubscriptionAttributes(ctx, &awssns.GetSubscriptionAttributesInput{SubscriptionArn: &arn})
		refused(t, err, "InvalidParameter", want)
	}
	if _, err := c.sns.Unsubscribe(ctx, &awssns.UnsubscribeInput{SubscriptionArn: aws.String(topic + ":none")}); err != nil {
		t.Errorf("a subscription that does not exist: %v", err)
	}
	for _, endpoint := range []string{
		"arn:aws:sqs:us-east-1:111111111111:q", "arn:aws:sqs:eu-west-1:000000000000:q", "arn:aws:sns:us-east-1:000000000000:q", "q", "http://localhost/000000000000/q",
	} {
		_, err := c.sns.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("sqs"), Endpoint: &endpoint})
		refused(t, err, "InvalidParameter", "Invalid parameter: SQS endpoint ARN")
		_, err = c.sns.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("sqs"), Endpoint: aws.String(wire.ARN("sqs", "r")),
			Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + endpoint + `"}`}})
		refused(t, err, "InvalidParameter", "RedrivePolicy: deadLetterTargetArn is an invalid arn")
	}
	_, err := c.sns.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("lambda"), Endpoint: aws.String("arn:aws:lambda:us-east-1:000000000000:layer:f")})
	refused(t, err, "InvalidParameter", "Lambda endpoint ARN")
}

// TestUnknownIsRefusedByName sends what SNS does not know in each place where a name or a word selects a meaning.
func TestUnknownIsRefusedByName(t *testing.T) {
	c := serve(t)
	ctx := t.Context()
	topic, fifo := c.topic("topic", nil), c.topic("t.fifo", map[string]string{"FifoTopic": "true"})
	sub := c.subscribe(topic, "sqs", c.queue("q", nil), nil)
	fifoQueue := c.queue("q.fifo", map[string]string{"FifoQueue": "true"})
	setTopic := func(topic, name, value string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.sns.SetTopicAttributes(ctx, &awssns.SetTopicAttributesInput{TopicArn: &topic, AttributeName: &name, AttributeValue: &value})
			return err
		}
	}
	set := func(name, value string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.sns.SetSubscriptionAttributes(ctx, &awssns.SetSubscriptionAttributesInput{SubscriptionArn: &sub, AttributeName: &name, AttributeValue: &value})
			return err
		}
	}
	filter := func(conditions string) func(context.Context) error {
		return set("FilterPolicy", `{"key": [`+conditions+`]}`)
	}
	publish := func(in *awssns.PublishInput) func(context.Context) error {
		in.TopicArn = &topic
		return func(ctx context.Context) error { _, err := c.sns.Publish(ctx, in); return err }
	}
	const retries = `"minDelayTarget":1,"maxDelayTarget":1,"numRetries":1`
	for name, test := range map[string]struct {
		call func(context.Context) error
		part string
	}{
		"topic's attribute":        {setTopic(topic, "Colour", "red"), "Colour"},
		"topic's delivery policy":  {setTopic(topic, "DeliveryPolicy", "{}"), "DeliveryPolicy"},
		"topic's empty policy":     {setTopic(topic, "Policy", ""), "Policy"},
		"FIFO's attribute":         {setTopic(topic, "ContentBasedDeduplication", "true"), "ContentBasedDeduplication"},
		"FIFO's scope":             {setTopic(topic, "FifoThroughputScope", "Topic"), "FifoThroughputScope"},
		"scope":                    {setTopic(fifo, "FifoThroughputScope", "Queue"), "FifoThroughputScope"},
		"signature":                {setTopic(topic, "SignatureVersion", "3"), "SignatureVersion"},
		"tracing":                  {setTopic(topic, "TracingConfig", "Passive"), "TracingConfig"},
		"flag":                     {setTopic(fifo, "ContentBasedDeduplication", "yes"), "ContentBasedDeduplication"},
		"subscription's attribute": {set("Colour", "red"), "Colour"},
		"replay policy":            {set("ReplayPolicy", "{}"), "ReplayPolicy"},
		"raw delivery":             {set("RawMessageDelivery", "test-ValUe"), "RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false."},
		"empty raw delivery":       {set("RawMessageDelivery", ""), "RawMessageDelivery: Invalid value []. Must be true or false."}, // test_validate_set_sub_attributes, validated against AWS
		"empty filter scope":       {set("FilterPolicyScope", ""), "FilterPolicyScope"},
		"redrive policy's member":  {set("RedrivePolicy", `{"deadLetterTargetArn":"`+wire.ARN("sqs", "q")+`","maxReceiveCount":3}`), "/maxReceiveCount"},
		"dead-letter queue's type": {set("RedrivePolicy", `{"deadLetterTargetArn":"`+fifoQueue+`"}`), "RedrivePolicy"},
		"delivery policy's member": {set("DeliveryPolicy", `{"healthyRetryPolicy":{`+retries+`},"throttlePolicy":{"maxReceivesPerSecond":1}}`), "/throttlePolicy"},
		"retry policy's member":    {set("DeliveryPolicy", `{"healthyRetryPolicy":{`+retries+`,"colour":1}}`), "colour"},
		"back-off":                 {set("DeliveryPolicy", `{"healthyRetryPolicy":{`+retries+`,"backoffFunction":"random"}}`), "random"},
		"operator":                 {filter(`{"colour": "red"}`), "colour"},
		"operator in another case": {filter(`{"Prefix": "red"}`), "Prefix"},
		"operator in anything-but": {filter(`{"anything-but": {"cidr": "10.0.0.0/8"}}`), "Unsupported anything-but pattern: cidr"},
		"wildcard in anything-but": {filter(`{"anything-but": {"wildcard": "*"}}`), "Unsupported anything-but pattern: wildcard"},
		"prefix ignoring case":     {filter(`{"prefix": {"equals-ignore-case": "a"}}`), "prefix match pattern must be a string"},
		"numeric operator":         {filter(`{"numeric": ["~", 1]}`), "~"},
		"repeated key":             {set("FilterPolicy", `{"a": ["b"], "a": ["c"]}`), "failed to parse JSON"},
		"message structure":        {publish(&awssns.PublishInput{Message: aws.String("m"), MessageStructure: aws.String("xml")}), "Message Structure"},
		"repeated protocol":        {publish(&awssns.PublishInput{Message: aws.String(`{"default":"a","default":"b"}`), MessageStructure: aws.String("json")}), "failed to parse"},
		"authenticated unsubscribes": {func(ctx context.Context) error {
			_, err := c.sns.ConfirmSubscription(ctx, &awssns.ConfirmSubscriptionInput{TopicArn: &topic, Token: aws.String("t"), AuthenticateOnUnsubscribe: aws.String("true")})
			return err
		}, "AuthenticateOnUnsubscribe"},
		"protocol": {func(ctx context.Context) error {
			_, err := c.sns.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("pigeon"), Endpoint: aws.String("e")})
			return err
		}, "pigeon"},
		"group's name":          {publish(&awssns.PublishInput{Message: aws.String("m"), MessageGroupId: aws.String("a b")}), "MessageGroupId"},
		"long deduplication id": {publish(&awssns.PublishInput{Message: aws.String("m"), MessageDeduplicationId: aws.String(strings.Repeat("d", 129))}), "MessageDeduplicationId can only include"},
		"phone number": {func(ctx context.Context) error {
			_, err := c.sns.Publish(ctx, &awssns.PublishInput{PhoneNumber: aws.String("+1"), Message: aws.String("m")})
			return err
		}, "PhoneNumber"},
	} {
		t.Run(name, func(t *testing.T) {
			code := "InvalidParameter"
			if name == "phone number" {
				code = "InvalidQueryParameter"
			}
			refused(t, test.call(ctx), code, test.part)
		})
	}
	_, err := c.sns.Subscribe(ctx, &awssns.SubscribeInput{TopicArn: &fifo, Protocol: aws.String("sqs"), Endpoint: &fifoQueue,
		Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + wire.ARN("sqs", "q") + `"}`}})
	refused(t, err, "InvalidParameter", "must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.") // test_validations_for_fifo, validated against AWS
}
