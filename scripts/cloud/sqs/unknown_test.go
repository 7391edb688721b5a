package sqs_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"example.com/localcloud/sqs"
)

// refused checks an error's code in the query protocol, and a part of its message.
func refused(t *testing.T, err error, code, part string) {
	t.Helper()
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), part) {
		t.Errorf("%v, want %s with %q", err, code, part)
	}
}

// TestDeduplicationOnAStandardQueue expects AWS's text (cdklabs/construct-hub#905). A group is allowed there: fair queues
// use it (developer guide, "Amazon SQS fair queues").
func TestDeduplicationOnAStandardQueue(t *testing.T) {
	_, client, _ := serve(t)
	ctx := t.Context()
	url := create(t, client, "jobs", nil)
	const reason = "Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type."
	_, err := client.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("a"), MessageDeduplicationId: aws.String("d")})
	refused(t, err, "InvalidParameterValue", reason)
	if _, err := client.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("a"), MessageGroupId: aws.String("tenant-1")}); err != nil {
		t.Errorf("a group is refused: %v", err)
	}
	sent, err := client.SendMessageBatch(ctx, &awssqs.SendMessageBatchInput{QueueUrl: &url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("plain"), MessageBody: aws.String("b")}, {Id: aws.String("dedup"), MessageBody: aws.String("c"), MessageDeduplicationId: aws.String("d")},
	}})
	if err != nil || len(sent.Successful) != 1 || len(sent.Failed) != 1 || *sent.Failed[0].Id != "dedup" || *sent.Failed[0].Message != reason {
		t.Errorf("a batch: %+v, %v", sent, err)
	}
	// LocalStack's test_send_message_to_standard_queue_with_invalid_message_group_id and test_message_deduplication_id_invalid, validated against AWS
	for _, empty := range []*awssqs.SendMessageInput{{MessageGroupId: aws.String("")}, {MessageDeduplicationId: aws.String("")}} {
		empty.QueueUrl, empty.MessageBody = &url, aws.String("a")
		_, err := client.SendMessage(ctx, empty)
		refused(t, err, "InvalidParameterValue", "can only include alphanumeric and punctuation characters. 1 to 128 in length.")
	}
	if got := attributesOf(t, client, url, "ApproximateNumberOfMessages")["ApproximateNumberOfMessages"]; got != "2" {
		t.Errorf("%s messages are in the queue, want 2", got)
	}
}

// TestAddresses sends to addresses that name the queue, and to those that must not be taken for it.
func TestAddresses(t *testing.T) {
	_, client, base := serve(t)
	create(t, client, "jobs", nil)
	for address, want := range map[string]string{
		base + "/000000000000/jobs":                             "",
		"https://sqs.us-east-1.amazonaws.com/000000000000/jobs": "",
		"https://queue.amazonaws.com/000000000000/jobs":         "",
		"/000000000000/jobs":                                    "",
		"jobs":                                                  "", // aws/aws-sdk-js-v3#6150
		base + "/111111111111/jobs":                             "AWS.SimpleQueueService.NonExistentQueue",
		base + "/jobs":                                          "AWS.SimpleQueueService.NonExistentQueue", // getmoto/moto#3657
		base + "/000000000000/x/jobs":                           "AWS.SimpleQueueService.NonExistentQueue",
		base:                                                    "AWS.SimpleQueueService.NonExistentQueue",
		"arn:aws:sqs:us-east-1:000000000000:jobs":               "InvalidAddress",
		"https://sqs.eu-west-1.amazonaws.com/000000000000/jobs":    "InvalidAddress", // localstack/localstack#4462
		"https://eu-west-1.queue.amazonaws.com/000000000000/jobs":  "InvalidAddress",
		"https://sqs.eu-west-1.amazonaws.com.cn/000000000000/jobs": "InvalidAddress",
	} {
		_, err := client.SendMessage(t.Context(), &awssqs.SendMessageInput{QueueUrl: &address, MessageBody: aws.String("a")})
		if want == "" && err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if want != "" {
			refused(t, err, want, "")
		}
	}
}

// TestQueuesElsewhere checks the other places where a queue is named.
func TestQueuesElsewhere(t *testing.T) {
	_, client, _ := serve(t)
	ctx := t.Context()
	create(t, client, "dead", nil)
	for _, arn := range []string{
		"arn:aws:sqs:us-east-1:111111111111:dead", "arn:aws:sqs:eu-west-1:000000000000:dead", "arn:aws-cn:sqs:us-east-1:000000000000:dead",
		"arn:aws:sns:us-east-1:000000000000:dead", "dead", "http://localhost/000000000000/dead",
	} {
		_, err := client.CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: aws.String("x"), Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + arn + `","maxReceiveCount":1}`}})
		refused(t, err, "InvalidParameterValue", "RedrivePolicy")
		_, err = client.CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: aws.String("x"), Attributes: map[string]string{"RedriveAllowPolicy": `{"redrivePermission":"byQueue","sourceQueueArns":["` + arn + `"]}`}})
		refused(t, err, "InvalidParameterValue", "RedriveAllowPolicy")
		_, err = client.ListMessageMoveTasks(ctx, &awssqs.ListMessageMoveTasksInput{SourceArn: &arn})
		refused(t, err, "ResourceNotFoundException", "SourceArn")
		_, err = client.StartMessageMoveTask(ctx, &awssqs.StartMessageMoveTaskInput{SourceArn: &arn})
		refused(t, err, "ResourceNotFoundException", "SourceArn")
	}
	_, err := client.GetQueueUrl(ctx, &awssqs.GetQueueUrlInput{QueueName: aws.String("dead"), QueueOwnerAWSAccountId: aws.String("111111111111")})
	refused(t, err, "AWS.SimpleQueueService.NonExistentQueue", "")
}

// TestUnknownIsRefusedByName sends what SQS does not know in each place where a name or a word selects a meaning.
func TestUnknownIsRefusedByName(t *testing.T) {
	service, client, _ := serve(t)
	url := create(t, client, "jobs", nil)
	fifo := create(t, client, "jobs.fifo", map[string]string{"FifoQueue": "true"})
	set := func(queue, name, value string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := client.SetQueueAttributes(ctx, &awssqs.SetQueueAttributesInput{QueueUrl: &queue, Attributes: map[string]string{name: value}})
			return err
		}
	}
	for name, test := range map[string]struct {
		call       func(context.Context) error
		code, part string
	}{
		"attribute":                  {set(url, "Colour", "red"), "InvalidAttributeName", "Colour"},
		"attribute in another case":  {set(url, "visibilitytimeout", "1"), "InvalidAttributeName", "visibilitytimeout"},
		"attribute of FIFO queues":   {set(url, "DeduplicationScope", "queue"), "InvalidAttributeName", "DeduplicationScope"},
		"choice":                     {set(fifo, "DeduplicationScope", "QUEUE"), "InvalidAttributeValue", "DeduplicationScope"},
		"another choice":             {set(fifo, "FifoThroughputLimit", "none"), "InvalidAttributeValue", "FifoThroughputLimit"},
		"flag":                       {set(url, "SqsManagedSseEnabled", "TRUE"), "InvalidAttributeValue", "SqsManagedSseEnabled"},
		"number":                     {set(url, "DelaySeconds", "1s"), "InvalidAttributeValue", "DelaySeconds"},
		"member of a redrive policy": {set(url, "RedrivePolicy", `{"deadLetterTargetArn":"a","maxReceiveCount":1,"maxReceives":2}`), "InvalidParameterValue", "/maxReceives"},
		"its member in another case": {set(url, "RedrivePolicy", `{"deadLetterTargetArn":"a","MaxReceiveCount":1}`), "InvalidParameterValue", "/MaxReceiveCount"},
		"member of an allow policy":  {set(url, "RedriveAllowPolicy", `{"redrivePermission":"allowAll","colour":"red"}`), "InvalidParameterValue", "RedriveAllowPolicy"},
		"permission":                 {set(url, "RedriveAllowPolicy", `{"redrivePermission":"some"}`), "InvalidParameterValue", "redrivePermission"},
		"member of a policy":         {set(url, "Policy", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Wish":"x"}]}`), "InvalidAttributeValue", "Wish"},
		"attribute to get": {func(ctx context.Context) error {
			_, err := client.GetQueueAttributes(ctx, &awssqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{"Colour"}})
			return err
		}, "InvalidAttributeName", "Colour"},
		"attribute to receive": {func(ctx context.Context) error {
			_, err := client.ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &url, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"Colour"}})
			return err
		}, "InvalidAttributeName", "Colour"},
		"system attribute": {func(ctx context.Context) error {
			_, err := client.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("a"), MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{
				"Colour": {DataType: aws.String("String"), StringValue: aws.String("red")}}})
			return err
		}, "InvalidParameterValue", "Colour"},
		"type": {func(ctx context.Context) error {
			_, err := client.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("a"), MessageAttributes: map[string]types.MessageAttributeValue{
				"a": {DataType: aws.String("Colour"), StringValue: aws.String("red")}}})
			return err
		}, "InvalidParameterValue", "'a'"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, test.call(t.Context()), test.code, test.part) })
	}
	_, err := service.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: url, AttributeNames: []string{"Colour"}}) // the older name
	if err == nil || !strings.Contains(err.Error(), "InvalidAttributeName: Unknown Attribute Colour.") {
		t.Errorf("received by the older name: %v", err)
	}
}
