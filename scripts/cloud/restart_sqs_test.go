package cloud_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const account = "000000000000"

func arnOf(service, resource string) string {
	return "arn:aws:" + service + ":us-east-1:" + account + ":" + resource
}

func (l *life) queue(t *testing.T, name string, attributes map[string]string) (url string) {
	t.Helper()
	return *must(l.mq.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes}))(t).QueueUrl
}

func (l *life) send(t *testing.T, queue string, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		must(l.mq.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &queue, MessageBody: &body}))(t)
	}
}

// receive receives all messages. It waits briefly for the first.
func (l *life) receive(t *testing.T, queue string, visibility int32) []types.Message {
	t.Helper()
	out := must(l.mq.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &queue, MaxNumberOfMessages: 10, VisibilityTimeout: visibility, WaitTimeSeconds: 1,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"},
	}))(t)
	return out.Messages
}

func (l *life) attributes(t *testing.T, queue string) map[string]string {
	t.Helper()
	return must(l.mq.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &queue, AttributeNames: []types.QueueAttributeName{"All"}}))(t).Attributes
}

func bodies(messages []types.Message) (all []string) {
	for _, m := range messages {
		all = append(all, *m.Body)
	}
	return all
}

func queuesStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	q := l.queue(t, "jobs", map[string]string{"VisibilityTimeout": "7"})
	must(l.mq.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &q, Attributes: map[string]string{"MessageRetentionPeriod": "600"}}))(t)
	must(l.mq.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: &q, Tags: map[string]string{"team": "a", "gone": "b"}}))(t)
	must(l.mq.UntagQueue(ctx, &sqs.UntagQueueInput{QueueUrl: &q, TagKeys: []string{"gone"}}))(t)
	must(l.mq.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q, MessageBody: aws.String("<é\t\"&>"), MessageAttributes: map[string]types.MessageAttributeValue{
		"binary": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 255}},
		"text":   {DataType: aws.String("String.label"), StringValue: aws.String("x")}}}))(t)
	l.send(t, q, "two", "three", "deleted")
	must(l.mq.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q, MessageBody: aws.String("delayed"), DelaySeconds: 600}))(t)
	received := l.receive(t, q, 600)
	for _, m := range received {
		if *m.Body == "deleted" {
			must(l.mq.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q, ReceiptHandle: m.ReceiptHandle}))(t)
			continue
		}
		must(l.mq.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &q, ReceiptHandle: m.ReceiptHandle}))(t)
	}
	for _, name := range []string{"gone", "purged"} { // recreate them under the same names
		url := l.queue(t, name, nil)
		l.send(t, url, "lost")
		if name == "purged" {
			must(l.mq.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &url}))(t)
			continue
		}
		must(l.mq.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &url}))(t)
		l.queue(t, name, nil)
	}
	before := l.attributes(t, q)

	l = again(l)
	same(t, before, l.attributes(t, q))
	same(t, map[string]string{"team": "a"}, must(l.mq.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &q}))(t).Tags)
	now := l.receive(t, q, 600)
	same(t, []string{"<é\t\"&>", "two", "three"}, bodies(now))
	same(t, received[0].MessageAttributes["binary"].BinaryValue, now[0].MessageAttributes["binary"].BinaryValue)
	same(t, *received[0].MD5OfMessageAttributes, *now[0].MD5OfMessageAttributes)
	for _, m := range now {
		same(t, "2", m.Attributes["ApproximateReceiveCount"])
		same(t, received[slices.Index(bodies(received), *m.Body)].Attributes["SentTimestamp"], m.Attributes["SentTimestamp"])
	}
	for _, name := range []string{"gone", "purged"} {
		if left := l.receive(t, l.queue(t, name, nil), 1); len(left) > 0 {
			t.Errorf("%s contains %v", name, bodies(left))
		}
	}
}

func inFlightStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	dead := l.queue(t, "dead", nil)
	q := l.queue(t, "jobs", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + arnOf("sqs", "dead") + `","maxReceiveCount":2}`})
	l.send(t, q, "finished", "abandoned")
	began := time.Now()
	received := l.receive(t, q, 2)
	same(t, []string{"finished", "abandoned"}, bodies(received))
	stale := received[1].ReceiptHandle

	l = again(l)
	same(t, "2", l.attributes(t, q)["ApproximateNumberOfMessagesNotVisible"])
	must(l.mq.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q, ReceiptHandle: received[0].ReceiptHandle}))(t)
	received = nil
	eventually(t, "what was in flight is visible again", func() bool {
		received = l.receive(t, q, 1)
		return len(received) > 0
	})
	if waited := time.Since(began); waited < 2*time.Second {
		t.Errorf("it was visible after %v, before its timeout", waited)
	}
	same(t, []string{"abandoned"}, bodies(received))
	same(t, "2", received[0].Attributes["ApproximateReceiveCount"])
	must(l.mq.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q, ReceiptHandle: stale}))(t) // from an earlier receive, so the message stays

	l = again(l)
	eventually(t, "it is a dead letter", func() bool {
		l.receive(t, q, 1)
		return l.attributes(t, dead)["ApproximateNumberOfMessages"] == "1"
	})
	l = again(l)
	letters := l.receive(t, dead, 1)
	same(t, []string{"abandoned"}, bodies(letters))
	same(t, arnOf("sqs", "jobs"), letters[0].Attributes["DeadLetterQueueSourceArn"])
	same(t, "0", l.attributes(t, q)["ApproximateNumberOfMessagesNotVisible"])
}

func fifoStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	q := l.queue(t, "jobs.fifo", map[string]string{"FifoQueue": "true"})
	send := func(group, dedup string) *sqs.SendMessageOutput {
		t.Helper()
		return must(l.mq.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q, MessageBody: &dedup, MessageGroupId: &group, MessageDeduplicationId: &dedup}))(t)
	}
	first := send("a", "a1")
	send("a", "a2")
	last := send("b", "b1")
	taken := l.receive(t, q, 600)
	same(t, []string{"a1", "a2", "b1"}, bodies(taken))
	for _, m := range taken[:2] {
		must(l.mq.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &q, ReceiptHandle: m.ReceiptHandle}))(t)
	}
	must(l.mq.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q, ReceiptHandle: taken[2].ReceiptHandle}))(t)

	l = again(l)
	same(t, *first.MessageId, *send("a", "a1").MessageId) // a duplicate, which adds nothing
	same(t, *last.SequenceNumber, *send("b", "b1").SequenceNumber)
	if next := send("b", "b2"); *next.SequenceNumber <= *last.SequenceNumber {
		t.Errorf("the sequence number is %s after %s", *next.SequenceNumber, *last.SequenceNumber)
	}
	taken = l.receive(t, q, 600)
	same(t, []string{"a1", "a2", "b2"}, bodies(taken))
	must(l.mq.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &q, ReceiptHandle: taken[0].ReceiptHandle}))(t)
	send("c", "c1")

	l = again(l) // a1 is visible, and the next message of its group is in flight
	same(t, []string{"a1", "c1"}, bodies(l.receive(t, q, 600)))
	send("a", "a3")
	if locked := l.receive(t, q, 1); len(locked) > 0 {
		t.Errorf("%v was received although its group is locked", bodies(locked))
	}
}

func moveStory(t *testing.T, l *life, again func(*life) *life) {
	ctx := t.Context()
	dead := l.queue(t, "dead", nil)
	l.queue(t, "jobs", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + arnOf("sqs", "dead") + `","maxReceiveCount":1}`})
	back := l.queue(t, "back", nil)
	l.send(t, dead, "one", "two", "three", "four")
	must(l.mq.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{
		SourceArn: aws.String(arnOf("sqs", "dead")), DestinationArn: aws.String(arnOf("sqs", "back")), MaxNumberOfMessagesPerSecond: aws.Int32(2),
	}))(t)
	eventually(t, "the first is moved", func() bool { return l.attributes(t, back)["ApproximateNumberOfMessages"] != "0" })

	l = again(l)
	task := func() types.ListMessageMoveTasksResultEntry {
		return must(l.mq.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: aws.String(arnOf("sqs", "dead"))}))(t).Results[0]
	}
	eventually(t, "the task is completed", func() bool { return *task().Status == "COMPLETED" })
	same(t, int64(4), task().ApproximateNumberOfMessagesMoved)
	moved := bodies(l.receive(t, back, 600))
	slices.Sort(moved)
	same(t, []string{"four", "one", "three", "two"}, slices.Compact(moved))
	if len(moved) > 5 {
		t.Errorf("%d messages were moved twice", len(moved)-4)
	}
	same(t, "0", l.attributes(t, dead)["ApproximateNumberOfMessages"])
}
