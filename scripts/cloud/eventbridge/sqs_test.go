package eventbridge_test

import (
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
)

// TestRealQueues sends to queues of the local SQS: one allows the rule, one does not and one does not exist.
func TestRealQueues(t *testing.T) {
	client, kept, _ := serve(t)
	queues := sqs.New(&tap.Tap{})
	t.Cleanup(queues.Close)
	kept.next = queues
	server := httptest.NewServer(queues.Wire())
	t.Cleanup(server.Close)
	sqsClient := awssqs.New(awssqs.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
	admit := map[string]string{"Policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
		"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:events:us-east-1:000000000000:rule/r"}}}]}`}
	urls := map[string]*string{}
	for name, attributes := range map[string]map[string]string{"open": admit, "shut": nil, "undelivered": admit} {
		out, err := sqsClient.CreateQueue(t.Context(), &awssqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
		if err != nil {
			t.Fatal(err)
		}
		urls[name] = out.QueueUrl
	}
	var to []types.Target
	for _, name := range []string{"open", "shut", "missing"} {
		made := target(name, "arn:aws:sqs:us-east-1:000000000000:"+name)
		made.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String("arn:aws:sqs:us-east-1:000000000000:undelivered")}
		to = append(to, made)
	}
	rule(t, client, "default", "r", everything, to...)
	id := put(t, client, "default", "t", "{}")
	receive := func(name string) *awssqs.ReceiveMessageOutput {
		out, err := sqsClient.ReceiveMessage(t.Context(), &awssqs.ReceiveMessageInput{QueueUrl: urls[name], MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if out := receive("open"); len(out.Messages) != 1 || decode(t, *out.Messages[0].Body)["id"] != id {
		t.Errorf("open: %+v", out.Messages)
	}
	codes := map[string]string{}
	for _, m := range receive("undelivered").Messages {
		codes[*m.MessageAttributes["TARGET_ARN"].StringValue] = *m.MessageAttributes["ERROR_CODE"].StringValue
	}
	if len(codes) != 2 || codes[*to[1].Arn] != "NO_PERMISSIONS" || codes[*to[2].Arn] != "NO_RESOURCE" {
		t.Errorf("undelivered: %v", codes)
	}
}
