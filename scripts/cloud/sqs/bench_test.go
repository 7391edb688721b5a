package sqs_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
)

// BenchmarkCycle sends, receives and deletes one message in process.
func BenchmarkCycle(b *testing.B) {
	service := sqs.New(new(tap.Tap))
	b.Cleanup(service.Close)
	ctx := context.Background()
	if _, err := service.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: "q"}); err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := service.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: "q", Sending: sqs.Sending{MessageBody: "body"}}); err != nil {
				b.Error(err)
			}
			out, err := service.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: "q"})
			if err != nil || len(out.Messages) == 0 {
				b.Error(out, err)
				return
			}
			if _, err := service.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: "q", ReceiptHandle: out.Messages[0].ReceiptHandle}); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkCycleSDK does the same through the SDK and HTTP. Most of the cost is the client's.
func BenchmarkCycleSDK(b *testing.B) {
	_, client, _ := serve(b)
	url := create(b, client, "q", nil)
	ctx := context.Background()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("body")}); err != nil {
				b.Error(err)
			}
			out, err := client.ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &url})
			if err != nil || len(out.Messages) == 0 {
				b.Error(out, err)
				return
			}
			if _, err := client.DeleteMessage(ctx, &awssqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: out.Messages[0].ReceiptHandle}); err != nil {
				b.Error(err)
			}
		}
	})
}
