package cloud_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud"
)

// BenchmarkMessage sends, receives and deletes a message of 1 KB with several clients. It measures the cost of
// durable state.
func BenchmarkMessage(b *testing.B) {
	for _, folder := range []string{"", b.TempDir()} {
		name := "in memory"
		if folder != "" {
			name = "in a folder"
		}
		b.Run(name, func(b *testing.B) {
			server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0", Data: folder})
			if err != nil {
				b.Fatal(err)
			}
			defer server.Close()
			client := sqs.NewFromConfig(config(server, "test"))
			queue := server.Endpoint + "/" + account + "/jobs"
			if _, err := client.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: aws.String("jobs")}); err != nil {
				b.Fatal(err)
			}
			body := aws.String(strings.Repeat("x", 1000))
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := message(b, client, queue, body); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func message(b *testing.B, client *sqs.Client, queue string, body *string) error {
	if _, err := client.SendMessage(b.Context(), &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: body}); err != nil {
		return err
	}
	out, err := client.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queue})
	if err != nil {
		return err
	}
	for _, m := range out.Messages { // of those that any client sent
		_, err = client.DeleteMessage(b.Context(), &sqs.DeleteMessageInput{QueueUrl: &queue, ReceiptHandle: m.ReceiptHandle})
	}
	return err
}
