package cloud

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/wire"
)

// receiver returns a service that counts its receives.
func receiver(calls *atomic.Int64, body string) *wire.Service {
	type output struct{ Messages []map[string]string }
	return &wire.Service{Name: "sqs", Target: "AmazonSQS", Version: "1.0", Operations: []wire.Operation{
		wire.Op("ReceiveMessage", func(context.Context, *struct{ QueueUrl string }) (*output, error) {
			calls.Add(1)
			return &output{[]map[string]string{{"MessageId": "1", "Body": body}}}, nil
		}, nil),
	}}
}

// BenchmarkLargeAnswers reports how often the SDK loses a response. It fails if the SDK does not get it by a retry,
// or if a message is received twice.
func BenchmarkLargeAnswers(b *testing.B) {
	s, err := Start(Options{Addr: "127.0.0.1:0"})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var handled, asked atomic.Int64
	service := receiver(&handled, strings.Repeat("x", 10<<10))
	s.services["sqs"] = service
	b.RunParallel(func(pb *testing.PB) {
		client := sqs.New(sqs.Options{Region: "us-east-1", BaseEndpoint: &s.Endpoint, DisableMessageChecksumValidation: true,
			Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
		for pb.Next() {
			asked.Add(1)
			if _, err := client.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(s.Endpoint + "/000000000000/q")}); err != nil {
				b.Error(err)
			}
		}
	})
	if handled.Load() != asked.Load() {
		b.Errorf("%d calls ran %d times", asked.Load(), handled.Load())
	}
}
