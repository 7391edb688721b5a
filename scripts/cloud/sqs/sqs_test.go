package sqs_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
)

// serve starts SQS and returns it with a client of the Go SDK and its URL.
func serve(t testing.TB) (*sqs.Service, *awssqs.Client, string) {
	service := sqs.New(new(tap.Tap))
	server := httptest.NewServer(service.Wire())
	t.Cleanup(server.Close)
	t.Cleanup(service.Close)
	return service, awssqs.New(awssqs.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	}), server.URL
}

func create(t testing.TB, client *awssqs.Client, name string, attributes map[string]string) string {
	t.Helper()
	out, err := client.CreateQueue(t.Context(), &awssqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		t.Fatal(err)
	}
	return *out.QueueUrl
}

func attributesOf(t testing.TB, client *awssqs.Client, url string, names ...types.QueueAttributeName) map[string]string {
	t.Helper()
	out, err := client.GetQueueAttributes(t.Context(), &awssqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: names})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes
}

func TestQueuesThroughTheSDK(t *testing.T) {
	_, client, base := serve(t)
	ctx := t.Context()
	url := create(t, client, "jobs", map[string]string{"VisibilityTimeout": "5"})
	if want := base + "/000000000000/jobs"; url != want {
		t.Errorf("URL %s, want %s", url, want)
	}
	if again := create(t, client, "jobs", map[string]string{"VisibilityTimeout": "5"}); again != url {
		t.Errorf("a second CreateQueue returned %s", again)
	}
	got := attributesOf(t, client, url, "All")
	for name, want := range map[string]string{
		"QueueArn": "arn:aws:sqs:us-east-1:000000000000:jobs", "VisibilityTimeout": "5", "MaximumMessageSize": "1048576",
		"MessageRetentionPeriod": "345600", "DelaySeconds": "0", "ApproximateNumberOfMessages": "0", "SqsManagedSseEnabled": "true",
	} {
		if got[name] != want {
			t.Errorf("attribute %s is %q, want %q", name, got[name], want)
		}
	}
	for _, name := range []string{"a", "b", "c"} {
		create(t, client, "page-"+name, nil)
	}
	var listed []string
	pages := awssqs.NewListQueuesPaginator(client, &awssqs.ListQueuesInput{QueueNamePrefix: aws.String("page-"), MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		listed = append(listed, page.QueueUrls...)
	}
	if len(listed) != 3 || !slices.IsSorted(listed) {
		t.Errorf("listed %v", listed)
	}
	if _, err := client.TagQueue(ctx, &awssqs.TagQueueInput{QueueUrl: &url, Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.UntagQueue(ctx, &awssqs.UntagQueueInput{QueueUrl: &url, TagKeys: []string{"a"}}); err != nil {
		t.Fatal(err)
	}
	if tags, err := client.ListQueueTags(ctx, &awssqs.ListQueueTagsInput{QueueUrl: &url}); err != nil || !cmp.Equal(tags.Tags, map[string]string{"b": "2"}) {
		t.Errorf("tags %v, %v", tags, err)
	}
	if _, err := client.DeleteQueue(ctx, &awssqs.DeleteQueueInput{QueueUrl: &url}); err != nil {
		t.Fatal(err)
	}
	_, err := client.GetQueueUrl(ctx, &awssqs.GetQueueUrlInput{QueueName: aws.String("jobs")})
	if _, gone := errors.AsType[*types.QueueDoesNotExist](err); !gone {
		t.Errorf("a deleted queue: %v", err)
	}
}

func TestMessagesThroughTheSDK(t *testing.T) {
	_, client, _ := serve(t)
	ctx := t.Context()
	url := create(t, client, "jobs", nil)
	sent, err := client.SendMessage(ctx, &awssqs.SendMessageInput{
		QueueUrl: &url, MessageBody: aws.String("msg"),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"Hello":   {DataType: aws.String("String"), StringValue: aws.String("There")},
			"General": {DataType: aws.String("String"), StringValue: aws.String("Kenobi")},
			"Help.Me": {DataType: aws.String("String"), StringValue: aws.String("Me")},
		},
		MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{
			"AWSTraceHeader": {DataType: aws.String("String"), StringValue: aws.String("Root=1")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The checksums were recorded from AWS (LocalStack's snapshots of test_sqs).
	if *sent.MD5OfMessageAttributes != "4c360f3fdafd970e05fae2f149d997f5" || *sent.MD5OfMessageBody != "6e2baaf3b97dbeef01c0043275f9a0e7" {
		t.Errorf("MD5 %s of attributes, %s of body", *sent.MD5OfMessageAttributes, *sent.MD5OfMessageBody)
	}
	for _, test := range []struct {
		ask  []string
		want string // MD5 of the selected attributes
	}{
		{nil, ""},
		{[]string{"All"}, "4c360f3fdafd970e05fae2f149d997f5"},
		{[]string{".*"}, "4c360f3fdafd970e05fae2f149d997f5"},
		{[]string{"Hello", "General"}, "fca026605781cb4126a1e9044df24232"},
		{[]string{"Hello", "None"}, "a311262e065454b75da111d535b8dacd"},
		{[]string{"Hel*"}, "83fee93c1bcd8b9a5a923ffacdc636c7"},
		{[]string{"Foo", "Help"}, ""},
	} {
		out, err := client.ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{
			QueueUrl: &url, MessageAttributeNames: test.ask, VisibilityTimeout: 0,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
		})
		if err != nil || len(out.Messages) != 1 {
			t.Fatalf("%v: %v, %v", test.ask, out, err)
		}
		m := out.Messages[0]
		if got := aws.ToString(m.MD5OfMessageAttributes); got != test.want {
			t.Errorf("MD5 of %v is %s, want %s", test.ask, got, test.want)
		}
		if m.Attributes["AWSTraceHeader"] != "Root=1" || m.Attributes["SenderId"] != "000000000000" || m.Attributes["SentTimestamp"] == "" {
			t.Errorf("system attributes %v", m.Attributes)
		}
		if _, err := client.ChangeMessageVisibility(ctx, &awssqs.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 0}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.PurgeQueue(ctx, &awssqs.PurgeQueueInput{QueueUrl: &url}); err != nil {
		t.Fatal(err)
	}
	if got := attributesOf(t, client, url, "ApproximateNumberOfMessages"); got["ApproximateNumberOfMessages"] != "0" {
		t.Errorf("after a purge: %v", got)
	}
}

func TestBatchesThroughTheSDK(t *testing.T) {
	_, client, _ := serve(t)
	ctx := t.Context()
	url := create(t, client, "jobs", nil)
	sent, err := client.SendMessageBatch(ctx, &awssqs.SendMessageBatchInput{QueueUrl: &url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("good"), MessageBody: aws.String("1")},
		{Id: aws.String("bad"), MessageBody: aws.String("\x00")},
		{Id: aws.String("late"), MessageBody: aws.String("2"), DelaySeconds: 900},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(sent.Successful) != 2 || len(sent.Failed) != 1 || *sent.Failed[0].Id != "bad" || *sent.Failed[0].Code != "InvalidMessageContents" || !sent.Failed[0].SenderFault {
		t.Errorf("sent %+v", sent)
	}
	received, err := client.ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
	if err != nil || len(received.Messages) != 1 {
		t.Fatalf("received %v, %v", received, err)
	}
	want := map[string]string{"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "1", "ApproximateNumberOfMessagesDelayed": "1"}
	got := attributesOf(t, client, url, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	handle := received.Messages[0].ReceiptHandle
	changed, err := client.ChangeMessageVisibilityBatch(ctx, &awssqs.ChangeMessageVisibilityBatchInput{QueueUrl: &url, Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
		{Id: aws.String("a"), ReceiptHandle: handle, VisibilityTimeout: 60}, {Id: aws.String("b"), ReceiptHandle: handle, VisibilityTimeout: 43201},
	}})
	if err != nil || len(changed.Successful) != 1 || len(changed.Failed) != 1 || *changed.Failed[0].Id != "b" {
		t.Errorf("changed %+v, %v", changed, err)
	}
	deleted, err := client.DeleteMessageBatch(ctx, &awssqs.DeleteMessageBatchInput{QueueUrl: &url, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: aws.String("a"), ReceiptHandle: handle}, {Id: aws.String("b"), ReceiptHandle: aws.String("nonsense")},
	}})
	if err != nil || len(deleted.Successful) != 1 || len(deleted.Failed) != 1 || *deleted.Failed[0].Code != "ReceiptHandleIsInvalid" {
		t.Errorf("deleted %+v, %v", deleted, err)
	}
}

func TestErrors(t *testing.T) {
	_, client, _ := serve(t)
	url := create(t, client, "jobs", map[string]string{"MaximumMessageSize": "1024"})
	fifo := create(t, client, "jobs.fifo", map[string]string{"FifoQueue": "true"})
	none := strings.Replace(url, "jobs", "none", 1)
	send := func(in *awssqs.SendMessageInput) func(context.Context) error {
		return func(ctx context.Context) error { _, err := client.SendMessage(ctx, in); return err }
	}
	make := func(name string, attributes ...string) func(context.Context) error {
		asked := map[string]string{}
		for pair := range slices.Chunk(attributes, 2) {
			asked[pair[0]] = pair[1]
		}
		return func(ctx context.Context) error {
			_, err := client.CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: &name, Attributes: asked})
			return err
		}
	}
	batch := func(ids ...string) func(context.Context) error {
		entries := []types.SendMessageBatchRequestEntry{}
		for _, id := range ids {
			entries = append(entries, types.SendMessageBatchRequestEntry{Id: &id, MessageBody: aws.String(strings.Repeat("x", 600_000))})
		}
		return func(ctx context.Context) error {
			_, err := client.SendMessageBatch(ctx, &awssqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries})
			return err
		}
	}
	receive := func(in *awssqs.ReceiveMessageInput) func(context.Context) error {
		return func(ctx context.Context) error { _, err := client.ReceiveMessage(ctx, in); return err }
	}
	text := aws.String
	for name, test := range map[string]struct {
		call func(context.Context) error
		want string // the code of the query protocol, which SDKs show, and a part of the message
		part string
	}{
		"no queue":           {send(&awssqs.SendMessageInput{QueueUrl: &none, MessageBody: text("a")}), "AWS.SimpleQueueService.NonExistentQueue", "does not exist"},
		"no body":            {send(&awssqs.SendMessageInput{QueueUrl: &url, MessageBody: text("")}), "MissingParameter", "MessageBody"},
		"too long":           {send(&awssqs.SendMessageInput{QueueUrl: &url, MessageBody: text(strings.Repeat("x", 1025))}), "InvalidParameterValue", "shorter than 1024 bytes"},
		"delay":              {send(&awssqs.SendMessageInput{QueueUrl: &url, MessageBody: text("a"), DelaySeconds: 901}), "InvalidParameterValue", "Value 901 for parameter DelaySeconds"},
		"bad characters":     {send(&awssqs.SendMessageInput{QueueUrl: &url, MessageBody: text("\x01")}), "InvalidMessageContents", "#x1"},
		"attribute's type":   {send(&awssqs.SendMessageInput{QueueUrl: &url, MessageBody: text("a"), MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: text("Text"), StringValue: text("b")}}}), "InvalidParameterValue", "'a'"},
		"attribute's name":   {send(&awssqs.SendMessageInput{QueueUrl: &url, MessageBody: text("a"), MessageAttributes: map[string]types.MessageAttributeValue{"aws.x": {DataType: text("String"), StringValue: text("b")}}}), "InvalidParameterValue", "aws.x"},
		"attribute's number": {send(&awssqs.SendMessageInput{QueueUrl: &url, MessageBody: text("a"), MessageAttributes: map[string]types.MessageAttributeValue{"n": {DataType: text("Number"), StringValue: text("0x1")}}}), "InvalidParameterValue", "'n'"},
		"no group":           {send(&awssqs.SendMessageInput{QueueUrl: &fifo, MessageBody: text("a"), MessageDeduplicationId: text("d")}), "MissingParameter", "MessageGroupId"},
		"no deduplication":   {send(&awssqs.SendMessageInput{QueueUrl: &fifo, MessageBody: text("a"), MessageGroupId: text("g")}), "InvalidParameterValue", "ContentBasedDeduplication"},
		"delay in FIFO":      {send(&awssqs.SendMessageInput{QueueUrl: &fifo, MessageBody: text("a"), MessageGroupId: text("g"), MessageDeduplicationId: text("d"), DelaySeconds: 2}), "InvalidParameterValue", "Value 2 for parameter DelaySeconds"},
		"group's name":       {send(&awssqs.SendMessageInput{QueueUrl: &fifo, MessageBody: text("a"), MessageGroupId: text("a b")}), "InvalidParameterValue", "MessageGroupId can only include"},
		"other attributes":   {make("jobs", "DelaySeconds", "9"), "QueueAlreadyExists", "different value for attribute DelaySeconds"},
		"bad name":           {make("a b"), "InvalidParameterValue", "alphanumeric"},
		"FIFO's name":        {make("fifo", "FifoQueue", "true"), "InvalidParameterValue", ".fifo"},
		"unknown attribute":  {make("x", "Colour", "red"), "InvalidAttributeName", "Colour"},
		"FIFO's attribute":   {make("x", "ContentBasedDeduplication", "true"), "InvalidAttributeName", "ContentBasedDeduplication"},
		"attribute's bounds": {make("x", "VisibilityTimeout", "43201"), "InvalidAttributeValue", "VisibilityTimeout"},
		"redrive to nowhere": {make("x", "RedrivePolicy", `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:none","maxReceiveCount":3}`), "InvalidParameterValue", "does not exist"},
		"redrive of 0":       {make("x", "RedrivePolicy", `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:jobs","maxReceiveCount":"0"}`), "InvalidParameterValue", "maxReceiveCount"},
		"redrive to FIFO":    {make("x", "RedrivePolicy", `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:jobs.fifo","maxReceiveCount":3}`), "InvalidParameterValue", "same type"},
		"bad policy":         {make("x", "Policy", `{"Statement":[{"Effect":"Perhaps"}]}`), "InvalidAttributeValue", "Policy"},
		"empty batch":        {batch(), "AWS.SimpleQueueService.EmptyBatchRequest", "SendMessageBatchRequestEntry"},
		"long batch":         {batch("a", "b"), "AWS.SimpleQueueService.BatchRequestTooLong", "1048576"},
		"double ids":         {batch("a", "a"), "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id a repeated"},
		"bad id":             {batch("a b"), "AWS.SimpleQueueService.InvalidBatchEntryId", "alphanumeric"},
		"many entries":       {batch(strings.Split("abcdefghijk", "")...), "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "sent 11"},
		"many messages":      {receive(&awssqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 11}), "InvalidParameterValue", "Value 11 for parameter MaxNumberOfMessages"},
		"long wait":          {receive(&awssqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 21}), "InvalidParameterValue", "WaitTimeSeconds"},
		"not handled": {func(ctx context.Context) error {
			_, err := client.AddPermission(ctx, &awssqs.AddPermissionInput{QueueUrl: &url, Label: text("l"), Actions: []string{"a"}, AWSAccountIds: []string{"1"}})
			return err
		}, "InvalidAction", "AddPermission"},
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
