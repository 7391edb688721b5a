package cloud

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// TestNothingIsAcknowledgedThatIsNotWritten closes the journal while the services still use it.
func TestNothingIsAcknowledgedThatIsNotWritten(t *testing.T) {
	s, err := Start(Options{Addr: "127.0.0.1:0", Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	client := sqs.New(sqs.Options{Region: "us-east-1", BaseEndpoint: &s.Endpoint, RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	if _, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("jobs")}); err != nil {
		t.Fatal(err)
	}
	if err := s.journal.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(s.Endpoint + "/000000000000/jobs"), MessageBody: aws.String("one")})
	if err == nil || !strings.Contains(err.Error(), "StatusCode: 500") || !strings.Contains(err.Error(), "nothing is kept any more") {
		t.Errorf("the error is %v", err)
	}
}
