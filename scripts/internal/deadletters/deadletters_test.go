package deadletters_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/localcloud"
	"example.com/troupe/scripts/internal/deadletters"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/target"
)

// letters are a service's queues in a local cloud. The queue for undelivered events holds messages: even ones with a
// reason, odd ones without.
type letters struct {
	t      *testing.T
	client *sqs.Client
	urls   target.Queues
	deadletters.Queue
}

func write(t *testing.T, n int) letters {
	t.Helper()
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	l := letters{t: t, client: sqs.NewFromConfig(endpoint.At(server.Endpoint))}
	for name, url := range map[string]*string{"main": &l.urls.Main, "undelivered": &l.urls.Undelivered} {
		made, err := l.client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name})
		if err != nil {
			t.Fatal(err)
		}
		*url = aws.ToString(made.QueueUrl)
	}
	for i := range n {
		in := &sqs.SendMessageInput{QueueUrl: &l.urls.Undelivered, MessageBody: aws.String(fmt.Sprintf(`{"metadata": {"id": "e-%d", "type": "t"}}`, i))}
		if i%2 == 0 {
			in.MessageAttributes = map[string]types.MessageAttributeValue{"ERROR_CODE": {DataType: aws.String("String"), StringValue: aws.String("NO_PERMISSIONS")}}
		}
		if _, err := l.client.SendMessage(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	l.Queue = deadletters.Undelivered(l.client, l.urls)
	return l
}

// hold fails the test unless this many messages can be received from the queues now.
func (l letters) hold(main, undelivered int) {
	l.t.Helper()
	report, err := settle.Watch{Client: l.client, Queues: map[string]string{"a": l.urls.Main, "b": l.urls.Undelivered}}.Look(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	want := []settle.Depth{{Queue: "a", Visible: main}, {Queue: "b", Visible: undelivered}}
	if report.Queues[0] != want[0] || report.Queues[1] != want[1] {
		l.t.Errorf("the queues are %v, want %v", report.Queues, want)
	}
}

// TestLook checks that Look returns all messages, more than SQS returns at once, and leaves none hidden.
func TestLook(t *testing.T) {
	l := write(t, 25)
	for range 2 {
		view, err := l.Look(t.Context(), 100)
		if err != nil || len(view.Letters) != 25 || view.Total != 25 {
			t.Fatalf("%d letters of %d, %v", len(view.Letters), view.Total, err)
		}
		groups := deadletters.Groups(view.Letters)
		if len(groups) != 2 || groups[0].Reason != "NO_PERMISSIONS" || groups[0].Count != 13 || groups[0].Types["t"] != 13 || groups[1].Reason != deadletters.NoReason || groups[1].Count != 12 {
			t.Errorf("groups: %+v", groups)
		}
		l.hold(0, 25)
	}
	if view, err := l.Look(t.Context(), 4); err != nil || len(view.Letters) != 4 || view.Total != 25 {
		t.Errorf("%d letters of %d, %v", len(view.Letters), view.Total, err)
	}
	l.hold(0, 25)
}

// TestMove moves the messages of one reason, and then the rest.
func TestMove(t *testing.T) {
	l := write(t, 25)
	moved, err := l.Move(t.Context(), deadletters.Because("NO_PERMISSIONS"), deadletters.Moves{})
	if err != nil || len(moved) != 13 {
		t.Fatalf("moved %d, %v", len(moved), err)
	}
	l.hold(13, 12)
	if n, err := l.MoveAll(t.Context(), deadletters.Moves{PerSecond: 500}); err != nil || n != 12 {
		t.Errorf("moved %d, %v", n, err)
	}
	l.hold(25, 0)
}

// TestInterrupted checks that an interrupted move loses no message and leaves none hidden.
func TestInterrupted(t *testing.T) {
	l := write(t, 25)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	moved, err := l.Move(ctx, deadletters.Because("NO_PERMISSIONS"), deadletters.Moves{Progress: func(n, all int) {
		if all != 13 {
			t.Errorf("%d to move, want 13", all)
		}
		if n == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || len(moved) != 3 {
		t.Errorf("moved %d, %v", len(moved), err)
	}
	l.hold(3, 22)
}
