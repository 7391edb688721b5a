//go:build restart

package restarttest_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	bustypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/pause"
)

const (
	lives   = 6
	hammers = 6 // of each kind, concurrently
	account = "000000000000"
)

// world contains the clients of the cloud. They attempt each call once, and record whether it was acknowledged.
type world struct {
	mq    *sqs.Client
	topic *sns.Client
	bus   *eventbridge.Client
	db    *dynamodb.Client
	queue string // URL

	mu    sync.Mutex
	sent  map[string]bool // bodies whose sending was acknowledged
	begun map[string]bool // bodies whose deletion was attempted
	gone  map[string]bool // bodies whose deletion was acknowledged
	pairs map[string]pair // items, by the hammer that writes them
	calls int             // acknowledged calls
}

// pair is two items that are always written together.
type pair struct{ acknowledged, latest int } // values

// TestNothingAcknowledgedIsLost hammers a cloud that is killed repeatedly.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	address, folder := freeAddress(t), t.TempDir()
	url := "http://" + address
	start := func() *process { return run(ctx, t, ".", url, "cloud", "-addr", address, "-data", folder) }
	p := start()
	w := newWorld(ctx, t, url)
	for range lives {
		life, end := context.WithCancel(ctx)
		var working sync.WaitGroup
		for i := range hammers {
			for _, hammer := range []func(context.Context, int){w.send, w.publish, w.putEvents, w.delete, w.writePair} {
				working.Go(func() { hammer(life, i) })
			}
		}
		pause.For(ctx, time.Second/2+rand.N(time.Second))
		p.kill()
		end()
		working.Wait()
		p = start()
	}
	w.checkMessages(ctx, t)
	w.checkPairs(ctx, t)
	t.Logf("%d calls were acknowledged in %d lives; %d messages, %d deleted", w.calls, lives, len(w.sent), len(w.gone))
}

func newWorld(ctx context.Context, t *testing.T, url string) *world {
	t.Helper()
	cfg := endpoint.At(url)
	cfg.RetryMaxAttempts = 1
	w := &world{
		mq: sqs.NewFromConfig(cfg), topic: sns.NewFromConfig(cfg), bus: eventbridge.NewFromConfig(cfg), db: dynamodb.NewFromConfig(cfg),
		queue: url + "/" + account + "/jobs", sent: map[string]bool{}, begun: map[string]bool{}, gone: map[string]bool{}, pairs: map[string]pair{},
	}
	for _, err := range []error{
		second(w.mq.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("jobs"), Attributes: map[string]string{
			"VisibilityTimeout": "2", "Policy": `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}`}})),
		second(w.topic.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("news")})),
		second(w.topic.Subscribe(ctx, &sns.SubscribeInput{TopicArn: aws.String(arn("sns", "news")), Protocol: aws.String("sqs"), Endpoint: aws.String(arn("sqs", "jobs")),
			Attributes: map[string]string{"RawMessageDelivery": "true"}})),
		second(w.bus.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("all"), EventPattern: aws.String(`{"source":["hammer"]}`)})),
		second(w.bus.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("all"), Targets: []bustypes.Target{
			{Id: aws.String("queue"), Arn: aws.String(arn("sqs", "jobs")), InputPath: aws.String("$.detail.body")}}})),
		second(w.db.CreateTable(ctx, &dynamodb.CreateTableInput{TableName: aws.String("pairs"), BillingMode: "PAY_PER_REQUEST",
			AttributeDefinitions: []dbtypes.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: "S"}},
			KeySchema:            []dbtypes.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: "HASH"}}})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func arn(service, resource string) string {
	return "arn:aws:" + service + ":us-east-1:" + account + ":" + resource
}

func second[T any](_ T, err error) error { return err }

// note records what was acknowledged.
func (w *world) note(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	f()
}

// deliver sends messages in one way, each with a unique body, until the life ends.
func (w *world) deliver(life context.Context, way string, send func(body string) error) {
	for i := 0; life.Err() == nil; i++ {
		body := fmt.Sprintf("%s-%d-%x", way, i, rand.Uint64())
		if send(body) == nil {
			w.note(func() { w.sent[body] = true })
		}
	}
}

func (w *world) send(life context.Context, _ int) {
	w.deliver(life, "sent", func(body string) error {
		return second(w.mq.SendMessage(life, &sqs.SendMessageInput{QueueUrl: &w.queue, MessageBody: &body}))
	})
}

func (w *world) publish(life context.Context, _ int) {
	w.deliver(life, "published", func(body string) error {
		return second(w.topic.Publish(life, &sns.PublishInput{TopicArn: aws.String(arn("sns", "news")), Message: &body}))
	})
}

func (w *world) putEvents(life context.Context, _ int) {
	w.deliver(life, "put", func(body string) error {
		out, err := w.bus.PutEvents(life, &eventbridge.PutEventsInput{Entries: []bustypes.PutEventsRequestEntry{{
			Source: aws.String("hammer"), DetailType: aws.String("x"), Detail: aws.String(`{"body":"` + body + `"}`)}}})
		if err == nil && out.FailedEntryCount > 0 {
			err = fmt.Errorf("%s", *out.Entries[0].ErrorMessage)
		}
		return err
	})
}

// delete receives messages and deletes all but every third, which becomes visible again.
func (w *world) delete(life context.Context, _ int) {
	for life.Err() == nil {
		out, err := w.mq.ReceiveMessage(life, &sqs.ReceiveMessageInput{QueueUrl: &w.queue, MaxNumberOfMessages: 3})
		if err != nil {
			continue
		}
		for _, m := range out.Messages[:len(out.Messages)*2/3] {
			body := bodyOf(*m.Body)
			w.note(func() { w.begun[body] = true })
			if second(w.mq.DeleteMessage(life, &sqs.DeleteMessageInput{QueueUrl: &w.queue, ReceiptHandle: m.ReceiptHandle})) == nil {
				w.note(func() { w.gone[body] = true })
			}
		}
	}
}

// bodyOf unquotes a body that a rule took from an event, which is JSON.
func bodyOf(text string) string {
	if body, err := strconv.Unquote(text); err == nil {
		return body
	}
	return text
}

// writePair writes two items with the same increasing value.
func (w *world) writePair(life context.Context, i int) {
	name := strconv.Itoa(i)
	w.mu.Lock()
	written := w.pairs[name]
	w.mu.Unlock()
	for life.Err() == nil {
		written.latest++
		item := func(side string) dbtypes.TransactWriteItem {
			return dbtypes.TransactWriteItem{Put: &dbtypes.Put{TableName: aws.String("pairs"), Item: map[string]dbtypes.AttributeValue{
				"id": &dbtypes.AttributeValueMemberS{Value: side + name}, "value": &dbtypes.AttributeValueMemberN{Value: strconv.Itoa(written.latest)}}}}
		}
		_, err := w.db.TransactWriteItems(life, &dynamodb.TransactWriteItemsInput{TransactItems: []dbtypes.TransactWriteItem{item("left"), item("right")}})
		if err == nil {
			written.acknowledged = written.latest
		}
		w.note(func() { w.pairs[name] = written })
	}
}

// checkMessages empties the queue. Every message that was acknowledged and not deleted must arrive, and none whose
// deletion was acknowledged.
func (w *world) checkMessages(ctx context.Context, t *testing.T) {
	t.Helper()
	missing := maps.Clone(w.sent)
	maps.DeleteFunc(missing, func(body string, _ bool) bool { return w.begun[body] })
	eventually(ctx, t, "the queue is empty", func() bool {
		out, err := w.mq.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &w.queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range out.Messages {
			body := bodyOf(*m.Body)
			if w.gone[body] {
				t.Errorf("%s is there, though its deletion was acknowledged", body)
			}
			delete(missing, body)
			if err := second(w.mq.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &w.queue, ReceiptHandle: m.ReceiptHandle})); err != nil {
				t.Fatal(err)
			}
		}
		return len(out.Messages) == 0
	})
	for body := range missing {
		t.Errorf("%s is lost, though it was acknowledged", body)
	}
}

func (w *world) checkPairs(ctx context.Context, t *testing.T) {
	t.Helper()
	value := func(id string) int {
		out, err := w.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("pairs"), Key: map[string]dbtypes.AttributeValue{"id": &dbtypes.AttributeValueMemberS{Value: id}}})
		if err != nil {
			t.Fatal(err)
		}
		number, _ := out.Item["value"].(*dbtypes.AttributeValueMemberN)
		if number == nil {
			return 0
		}
		n, _ := strconv.Atoi(number.Value)
		return n
	}
	for name, written := range w.pairs {
		left, right := value("left"+name), value("right"+name)
		if left != right || left < written.acknowledged || left > written.latest {
			t.Errorf("the pair %s is %d and %d, want both at least %d and at most %d", name, left, right, written.acknowledged, written.latest)
		}
	}
}
