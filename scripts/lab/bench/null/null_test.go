package null_test

import (
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/lab/bench/null"
)

// TestMessagesAreCounted sends and receives with the SDK, and checks that the messages sent are received in batches
// with the recorded body.
func TestMessagesAreCounted(t *testing.T) {
	const jsonType = "application/x-amz-json-1.0"
	server := httptest.NewServer(null.New(null.Script{
		Batch:   2,
		Message: []byte(`{"MessageId":"m","ReceiptHandle":"r","MD5OfBody":"5d41402abc4b2a76b9719d911017c592","Body":"hello"}`),
		Answers: map[string]null.Answer{
			"AmazonSQS.SendMessage":   {Status: 200, Type: jsonType, Body: []byte(`{"MessageId":"m","MD5OfMessageBody":"5d41402abc4b2a76b9719d911017c592"}`)},
			"AmazonSQS.DeleteMessage": {Status: 200, Type: jsonType, Body: []byte(`{}`)},
			null.Receive:              {Status: 200, Type: jsonType},
		},
	}))
	defer server.Close()
	client := sqs.New(sqs.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	for range 3 {
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &server.URL, MessageBody: aws.String("hello")}); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []int{2, 1} {
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &server.URL})
		if err != nil || len(out.Messages) != want || *out.Messages[0].Body != "hello" {
			t.Errorf("received %v, %v; want %d messages", out, err, want)
		}
		if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &server.URL, ReceiptHandle: aws.String("r")}); err != nil {
			t.Error(err)
		}
	}
}
