package cloud

import (
	"runtime"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// TestPollingKeepsMemory checks that neither polls of an empty queue nor deleted messages leave anything in memory.
func TestPollingKeepsMemory(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	client := sqs.New(sqs.Options{Region: "us-east-1", BaseEndpoint: &s.Endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	queue, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("q")})
	if err != nil {
		t.Fatal(err)
	}
	work := func(n int) {
		for range n {
			if _, err := client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: aws.String("m")}); err != nil {
				t.Fatal(err)
			}
			for range 5 { // one receives the message
				got, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range got.Messages {
					if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: queue.QueueUrl, ReceiptHandle: m.ReceiptHandle}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	work(100) // warms up pools and connections
	before := heap()
	work(500)
	if grown := int64(heap()) - int64(before); grown > 256<<10 {
		t.Errorf("500 messages and 2,500 polls leave %d KB behind", grown>>10)
	} else {
		t.Logf("500 messages and 2,500 polls leave %d KB behind", grown>>10)
	}
}

// heap returns the number of bytes in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // frees what a finalizer kept
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
