package sqs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/delivery"
	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// bench is a service in virtual time. Its methods are called as the cloud itself calls them.
type bench struct {
	*testing.T
	*sqs.Service
	listener *tap.Listener
}

func inTime(t *testing.T, test func(bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		hops := new(tap.Tap)
		b := bench{T: t, Service: sqs.New(hops), listener: hops.Listen(1000)}
		defer b.Close()
		test(b)
	})
}

// queue creates a queue. Attributes are pairs of name and value.
func (b bench) queue(name string, attributes ...string) {
	b.Helper()
	asked := map[string]string{}
	for pair := range slices.Chunk(attributes, 2) {
		asked[pair[0]] = pair[1]
	}
	if _, err := b.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: name, Attributes: asked}); err != nil {
		b.Fatal(err)
	}
}

// send sends "body", "body@group" or "body@group#deduplication".
func (b bench) send(queue, text string) *sqs.SendMessageOutput {
	b.Helper()
	in := &sqs.SendMessageInput{QueueUrl: queue}
	text, dedup, deduplicated := strings.Cut(text, "#")
	if deduplicated {
		in.MessageDeduplicationId = &dedup
	}
	body, group, grouped := strings.Cut(text, "@")
	if in.MessageBody = body; grouped {
		in.MessageGroupId = &group
	}
	out, err := b.SendMessage(b.Context(), in)
	if err != nil {
		b.Fatal(err)
	}
	return out
}

func (b bench) receive(queue string, wait int) []sqs.Message {
	b.Helper()
	out, err := b.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: queue, MaxNumberOfMessages: new(10), WaitTimeSeconds: &wait, AttributeNames: []string{"All"},
	})
	if err != nil {
		b.Fatal(err)
	}
	return out.Messages
}

// want receives messages and compares their bodies.
func (b bench) want(queue string, wait int, bodies ...string) []sqs.Message {
	b.Helper()
	messages := b.receive(queue, wait)
	got := []string{}
	for _, m := range messages {
		got = append(got, m.Body)
	}
	if !slices.Equal(got, bodies) {
		b.Fatalf("received %v from %s, want %v", got, queue, bodies)
	}
	return messages
}

func (b bench) delete(queue string, messages ...sqs.Message) {
	b.Helper()
	for _, m := range messages {
		if _, err := b.DeleteMessage(b.Context(), &sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
			b.Fatal(err)
		}
	}
}

func (b bench) hide(queue string, m sqs.Message, seconds int) {
	b.Helper()
	if _, err := b.ChangeMessageVisibility(b.Context(), &sqs.ChangeMessageVisibilityInput{QueueUrl: queue, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: &seconds}); err != nil {
		b.Fatal(err)
	}
}

// counts compares the numbers of visible, in-flight and delayed messages.
func (b bench) counts(queue, want string) {
	b.Helper()
	out, err := b.GetQueueAttributes(b.Context(), &sqs.GetQueueAttributesInput{QueueUrl: queue, AttributeNames: []string{"All"}})
	if err != nil {
		b.Fatal(err)
	}
	a := out.Attributes
	got := a["ApproximateNumberOfMessages"] + " " + a["ApproximateNumberOfMessagesNotVisible"] + " " + a["ApproximateNumberOfMessagesDelayed"]
	if got != want {
		b.Errorf("%s holds %s, want %s", queue, got, want)
	}
}

func redriveTo(queue string, receives int) string {
	return fmt.Sprintf(`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:%s","maxReceiveCount":%d}`, queue, receives)
}

func TestVisibility(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q", "VisibilityTimeout", "30")
		b.send("q", "a")
		first := b.want("q", 0, "a")
		b.counts("q", "0 1 0")
		time.Sleep(29 * time.Second)
		b.want("q", 0)
		time.Sleep(time.Second)
		b.counts("q", "1 0 0")
		second := b.want("q", 0, "a")
		if n := second[0].Attributes["ApproximateReceiveCount"]; n != "2" {
			b.Errorf("receive count %s", n)
		}
		if second[0].Attributes["ApproximateFirstReceiveTimestamp"] != first[0].Attributes["ApproximateFirstReceiveTimestamp"] {
			b.Error("the first receive moved")
		}
		b.delete("q", first...) // an old receipt handle: no error, no effect
		b.counts("q", "0 1 0")
		b.hide("q", second[0], 100)
		time.Sleep(99 * time.Second)
		b.want("q", 0)
		b.hide("q", second[0], 0)
		b.delete("q", b.want("q", 0, "a")...)
		b.counts("q", "0 0 0")
	})
}

func TestVisibilityEndsAfterTwelveHours(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q", "VisibilityTimeout", "43200")
		b.send("q", "a")
		m := b.want("q", 0, "a")[0]
		time.Sleep(time.Hour)
		_, err := b.ChangeMessageVisibility(b.Context(), &sqs.ChangeMessageVisibilityInput{QueueUrl: "q", ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: new(40_000)})
		if err == nil || !strings.Contains(err.Error(), "Total VisibilityTimeout") {
			b.Errorf("error %v", err)
		}
		time.Sleep(11 * time.Hour)
		_, err = b.ChangeMessageVisibility(b.Context(), &sqs.ChangeMessageVisibilityInput{QueueUrl: "q", ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: new(0)})
		if err == nil || !strings.Contains(err.Error(), "MessageNotInflight") {
			b.Errorf("error %v", err)
		}
	})
}

func TestDelayAndRetention(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q", "DelaySeconds", "5", "MessageRetentionPeriod", "60")
		b.send("q", "a")
		if _, err := b.SendMessage(b.Context(), &sqs.SendMessageInput{QueueUrl: "q", Sending: sqs.Sending{MessageBody: "now", DelaySeconds: new(0)}}); err != nil {
			b.Fatal(err)
		}
		b.counts("q", "1 0 1")
		b.delete("q", b.want("q", 0, "now")...)
		began := time.Now()
		b.want("q", 20, "a")
		if waited := time.Since(began); waited != 5*time.Second {
			b.Errorf("a delayed message arrived after %v", waited)
		}
		time.Sleep(54 * time.Second)
		b.counts("q", "1 0 0")
		time.Sleep(time.Second)
		b.counts("q", "0 0 0")
		b.send("q", "b")
		if _, err := b.SetQueueAttributes(b.Context(), &sqs.SetQueueAttributesInput{QueueUrl: "q", Attributes: map[string]string{"MessageRetentionPeriod": "120"}}); err != nil {
			b.Fatal(err)
		}
		time.Sleep(119 * time.Second)
		b.counts("q", "1 0 0")
		time.Sleep(time.Second)
		b.counts("q", "0 0 0")
	})
}

func TestLongPolling(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q")
		began := time.Now()
		b.want("q", 20)
		if waited := time.Since(began); waited != 20*time.Second {
			b.Errorf("waited %v for nothing", waited)
		}
		var consumers sync.WaitGroup
		got := make(chan string, 4)
		for range 3 {
			consumers.Go(func() {
				for _, m := range b.receive("q", 20) {
					got <- m.Body
				}
			})
		}
		gone, leave := context.WithCancel(b.Context())
		consumers.Go(func() {
			_, err := b.ReceiveMessage(gone, &sqs.ReceiveMessageInput{QueueUrl: "q", WaitTimeSeconds: new(20)})
			if !errors.Is(err, context.Canceled) {
				b.Errorf("a client that went away got %v", err)
			}
		})
		synctest.Wait()
		leave()
		synctest.Wait()
		for _, body := range []string{"a", "b", "c"} {
			time.Sleep(time.Second)
			b.send("q", body)
			synctest.Wait()
			if arrived := <-got; arrived != body {
				b.Errorf("a waiter received %s, want %s", arrived, body)
			}
		}
		consumers.Wait()
	})
}

// TestWaitersSeeWhatComesBack checks that the end of a visibility timeout wakes a waiter even if the timeout began
// after the wait.
func TestWaitersSeeWhatComesBack(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q", "VisibilityTimeout", "3")
		var consumer sync.WaitGroup
		b.send("q", "a")
		began := time.Now()
		b.want("q", 0, "a")
		for range 2 {
			consumer.Go(func() { b.receive("q", 10) })
		}
		consumer.Wait() // both wait; each receives the message in turn, after 3 and 6 seconds
		if waited := time.Since(began); waited != 6*time.Second {
			b.Errorf("waited %v", waited)
		}
	})
}

func TestADeletedQueueEndsItsWaiters(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q")
		var consumer sync.WaitGroup
		consumer.Go(func() {
			_, err := b.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: "q", WaitTimeSeconds: new(20)})
			if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code != "QueueDoesNotExist" {
				b.Errorf("error %v", err)
			}
		})
		synctest.Wait()
		if _, err := b.DeleteQueue(b.Context(), &sqs.DeleteQueueInput{QueueUrl: "q"}); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		consumer.Wait()
		if time.Since(began) != 0 {
			b.Error("it went on waiting")
		}
	})
}

func TestCloseEndsWaiting(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q")
		var consumer sync.WaitGroup
		began := time.Now()
		consumer.Go(func() { b.want("q", 20) })
		synctest.Wait()
		b.Close()
		consumer.Wait()
		if time.Since(began) != 0 {
			b.Error("it went on waiting")
		}
	})
}

func TestRedrive(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("dead")
		b.queue("q", "VisibilityTimeout", "1", "RedrivePolicy", redriveTo("dead", 2))
		id := b.send("q", "a").MessageId
		for range 2 {
			b.want("q", 0, "a")
			time.Sleep(time.Second)
		}
		b.counts("q", "1 0 0")
		b.want("q", 0)
		b.counts("q", "0 0 0")
		m := b.want("dead", 0, "a")[0]
		if m.MessageId != id || m.Attributes["ApproximateReceiveCount"] != "3" || m.Attributes["DeadLetterQueueSourceArn"] != wire.ARN("sqs", "q") {
			b.Errorf("dead letter %+v", m)
		}
		kinds := []tap.Kind{}
		b.listener.Close()
		for hop := range b.listener.C {
			kinds = append(kinds, hop.Kind)
		}
		if diff := cmp.Diff([]tap.Kind{tap.Delivered, tap.Received, tap.Received, tap.DeadLettered, tap.Received}, kinds); diff != "" {
			b.Error(diff)
		}
	})
}

func TestRedriveAllowPolicy(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("dead", "RedriveAllowPolicy", `{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:us-east-1:000000000000:mine"]}`)
		b.queue("mine", "RedrivePolicy", redriveTo("dead", 2))
		_, err := b.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: "yours", Attributes: map[string]string{"RedrivePolicy": redriveTo("dead", 2)}})
		if err == nil || !strings.Contains(err.Error(), "RedriveAllowPolicy") {
			b.Errorf("error %v", err)
		}
		sources, err := b.ListDeadLetterSourceQueues(b.Context(), &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: "dead"})
		if err != nil || len(sources.QueueUrls) != 1 {
			b.Errorf("sources %v, %v", sources, err)
		}
	})
}

func TestFIFO(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q.fifo", "FifoQueue", "true", "VisibilityTimeout", "10", "ContentBasedDeduplication", "true")
		first := b.send("q.fifo", "a1@a")
		for _, text := range []string{"b1@b", "a2@a", "a3@a"} {
			if later := b.send("q.fifo", text); later.SequenceNumber <= first.SequenceNumber || len(later.SequenceNumber) != 20 {
				b.Errorf("sequence number %s after %s", later.SequenceNumber, first.SequenceNumber)
			}
		}
		if again := b.send("q.fifo", "a1@a"); again.MessageId != first.MessageId {
			b.Error("a duplicate got an id of its own")
		}
		one, err := b.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: "q.fifo"})
		if err != nil || one.Messages[0].Body != "a1" {
			b.Fatalf("%v, %v", one, err)
		}
		others := b.want("q.fifo", 0, "b1") // group a is locked
		b.counts("q.fifo", "2 2 0")
		time.Sleep(10 * time.Second)
		all := b.want("q.fifo", 0, "a1", "a2", "a3", "b1") // in order again
		if _, err := b.DeleteMessage(b.Context(), &sqs.DeleteMessageInput{QueueUrl: "q.fifo", ReceiptHandle: others[0].ReceiptHandle}); err != nil {
			b.Error(err)
		}
		b.delete("q.fifo", all[0])
		b.want("q.fifo", 0) // a2 and a3 are in flight
		time.Sleep(10 * time.Second)
		_, err = b.DeleteMessage(b.Context(), &sqs.DeleteMessageInput{QueueUrl: "q.fifo", ReceiptHandle: all[1].ReceiptHandle})
		if err == nil || !strings.Contains(err.Error(), "The receipt handle has expired") {
			b.Errorf("error %v", err)
		}
		b.delete("q.fifo", b.want("q.fifo", 0, "b1", "a2", "a3")...)
		b.send("q.fifo", "a1@a") // still a duplicate, though the first one was deleted
		b.counts("q.fifo", "0 0 0")
		time.Sleep(5 * time.Minute)
		b.send("q.fifo", "a1@a")
		b.counts("q.fifo", "1 0 0")
	})
}

func TestFIFODeadLetterFreesItsGroup(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("dead.fifo", "FifoQueue", "true")
		b.queue("q.fifo", "FifoQueue", "true", "RedrivePolicy", redriveTo("dead.fifo", 1),
			"DeduplicationScope", "messageGroup", "FifoThroughputLimit", "perMessageGroupId")
		b.send("q.fifo", "bad@g#1")
		b.send("q.fifo", "good@g#2")
		b.send("q.fifo", "same id@h#1")
		one, err := b.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: "q.fifo"})
		if err != nil || one.Messages[0].Body != "bad" {
			b.Fatalf("%v, %v", one, err)
		}
		b.hide("q.fifo", one.Messages[0], 0)
		b.want("q.fifo", 0, "same id", "good")
		b.want("dead.fifo", 0, "bad")
	})
}

func TestMoveTasks(t *testing.T) {
	dead := wire.ARN("sqs", "dead")
	inTime(t, func(b bench) {
		b.queue("dead")
		b.queue("q", "RedrivePolicy", redriveTo("dead", 1))
		for _, body := range []string{"a", "b", "c"} {
			b.send("q", body)
		}
		for _, m := range b.receive("q", 0) {
			b.hide("q", m, 0)
		}
		b.want("q", 0)
		b.counts("dead", "3 0 0")
		task, err := b.StartMessageMoveTask(b.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: dead, MaxNumberOfMessagesPerSecond: new(1)})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := b.StartMessageMoveTask(b.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: dead}); err == nil || !strings.Contains(err.Error(), "already a task running") {
			b.Errorf("a second task: %v", err)
		}
		time.Sleep(2*time.Second + time.Millisecond)
		b.counts("dead", "1 0 0")
		cancelled, err := b.CancelMessageMoveTask(b.Context(), &sqs.CancelMessageMoveTaskInput{TaskHandle: task.TaskHandle})
		if err != nil || cancelled.ApproximateNumberOfMessagesMoved != 2 {
			b.Errorf("cancelled %v, %v", cancelled, err)
		}
		synctest.Wait()
		if _, err := b.StartMessageMoveTask(b.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: dead}); err != nil {
			b.Fatal(err)
		}
		synctest.Wait()
		moved := b.want("q", 0, "a", "b", "c")
		if moved[0].Attributes["ApproximateReceiveCount"] != "1" {
			b.Errorf("a moved message is new, but was %v", moved[0].Attributes)
		}
		b.send("dead", "direct")
		for _, to := range []string{"", wire.ARN("sqs", "q")} {
			if _, err := b.StartMessageMoveTask(b.Context(), &sqs.StartMessageMoveTaskInput{SourceArn: dead, DestinationArn: to}); err != nil {
				b.Fatal(err)
			}
			synctest.Wait()
		}
		b.want("q", 0, "direct")
		list, err := b.ListMessageMoveTasks(b.Context(), &sqs.ListMessageMoveTasksInput{SourceArn: dead, MaxResults: new(10)})
		if err != nil {
			b.Fatal(err)
		}
		var got []string
		for _, r := range list.Results {
			got = append(got, fmt.Sprint(r.Status, " ", r.ApproximateNumberOfMessagesMoved, " of ", r.ApproximateNumberOfMessagesToMove, " ", r.FailureReason))
		}
		want := []string{"COMPLETED 1 of 1 ", "FAILED 0 of 1 CouldNotDetermineMessageSource", "COMPLETED 1 of 1 ", "CANCELLED 2 of 3 "}
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
	})
}

func TestDeliver(t *testing.T) {
	const rule = "arn:aws:events:us-east-1:000000000000:rule/bus/rule"
	admitting := `{"Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"` + rule + `"}}}]}`
	inTime(t, func(b bench) {
		b.queue("shut")
		b.queue("open", "Policy", admitting)
		for _, test := range []struct{ to, source, want string }{
			{"shut", rule, "AccessDenied"},
			{"open", rule + "-other", "AccessDenied"},
			{"none", rule, "QueueDoesNotExist"},
			{"open", rule, ""},
		} {
			err := b.Deliver(b.Context(), delivery.Delivery{
				To: wire.ARN("sqs", test.to), Service: "events.amazonaws.com", Source: test.source, Body: []byte("a"),
				Attributes: map[string]delivery.Attribute{"k": {DataType: "String", StringValue: "v"}},
			})
			e, failed := errors.AsType[*wire.Error](err)
			if failed != (test.want != "") || failed && e.Code != test.want {
				b.Errorf("to %s from %s: %v, want %s", test.to, test.source, err, test.want)
			}
		}
		b.want("open", 0, "a")
	})
}

// TestPurge checks that a queue can be purged only once a minute.
func TestPurge(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("jobs")
		purge := func() error {
			_, err := b.PurgeQueue(b.Context(), &sqs.PurgeQueueInput{QueueUrl: "jobs"})
			return err
		}
		if err := purge(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute - time.Millisecond)
		if e, ok := errors.AsType[*wire.Error](purge()); !ok || e.Code != "PurgeQueueInProgress" {
			t.Errorf("within a minute: %v", e)
		}
		time.Sleep(time.Millisecond)
		if err := purge(); err != nil {
			t.Errorf("a minute later: %v", err)
		}
	})
}
