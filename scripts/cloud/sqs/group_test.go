package sqs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/delivery"
	"example.com/localcloud/sqs"
	"example.com/localcloud/wire"
)

// The tests of this file follow results that LocalStack's test suite has validated against AWS (test_sqs,
// test_fifo_message_group_visibility_* and test_fifo_group_visibility_extends_*): a message that is visible again can be
// received if no earlier message of its group is in flight, whatever became of the later ones.

// inFlightGroup sends g1-m1, g1-m2, g1-m3 and g2-m1, and receives the first two.
func inFlightGroup(b bench, attributes ...string) []sqs.Message {
	b.Helper()
	b.queue("q.fifo", append(attributes, "FifoQueue", "true")...)
	for _, text := range []string{"g1-m1@g1#1", "g1-m2@g1#2", "g1-m3@g1#3", "g2-m1@g2#4"} {
		b.send("q.fifo", text)
	}
	taken := b.receiveSome("q.fifo", 2)
	if len(taken) != 2 || taken[0].Body != "g1-m1" || taken[1].Body != "g1-m2" {
		b.Fatalf("received %v", taken)
	}
	return taken
}

func (b bench) receiveSome(queue string, most int) []sqs.Message {
	b.Helper()
	out, err := b.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: &most})
	if err != nil {
		b.Fatal(err)
	}
	return out.Messages
}

func TestAGroupIsOpenUpToWhatIsInFlight(t *testing.T) {
	for name, test := range map[string]struct {
		change func(bench, []sqs.Message)
		want   []string
	}{
		"nothing":            {func(bench, []sqs.Message) {}, []string{"g2-m1"}},
		"the first returns":  {func(b bench, m []sqs.Message) { b.hide("q.fifo", m[0], 0) }, []string{"g2-m1", "g1-m1"}},
		"the second returns": {func(b bench, m []sqs.Message) { b.hide("q.fifo", m[1], 0) }, []string{"g2-m1"}},
		"both return":        {func(b bench, m []sqs.Message) { b.hide("q.fifo", m[1], 0); b.hide("q.fifo", m[0], 0) }, []string{"g2-m1", "g1-m1", "g1-m2", "g1-m3"}},
		"the first's timeout ends": {func(b bench, m []sqs.Message) {
			b.hide("q.fifo", m[0], 1)
			time.Sleep(2 * time.Second)
		}, []string{"g2-m1", "g1-m1"}},
		"the second's is longer": {func(b bench, m []sqs.Message) {
			b.hide("q.fifo", m[1], 100)
			time.Sleep(31 * time.Second)
		}, []string{"g2-m1", "g1-m1"}},
		"the first's is longer": {func(b bench, m []sqs.Message) {
			b.hide("q.fifo", m[0], 100)
			time.Sleep(31 * time.Second)
		}, []string{"g2-m1"}},
		"the first is deleted":                       {func(b bench, m []sqs.Message) { b.delete("q.fifo", m[0]) }, []string{"g2-m1"}},
		"the second is deleted, and the first comes": {func(b bench, m []sqs.Message) { b.delete("q.fifo", m[1]); b.hide("q.fifo", m[0], 0) }, []string{"g2-m1", "g1-m1", "g1-m3"}},
		"both are deleted":                           {func(b bench, m []sqs.Message) { b.delete("q.fifo", m...) }, []string{"g2-m1", "g1-m3"}},
		"a batch returns both": {func(b bench, m []sqs.Message) {
			_, err := b.ChangeMessageVisibilityBatch(b.Context(), &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: "q.fifo", Entries: []sqs.ChangeMessageVisibilityBatchRequestEntry{
				{Id: "a", ReceiptHandle: m[0].ReceiptHandle, VisibilityTimeout: new(0)}, {Id: "b", ReceiptHandle: m[1].ReceiptHandle, VisibilityTimeout: new(0)}}})
			if err != nil {
				b.Fatal(err)
			}
		}, []string{"g2-m1", "g1-m1", "g1-m2", "g1-m3"}},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(b bench) {
				test.change(b, inFlightGroup(b))
				b.want("q.fifo", 0, test.want...)
			})
		})
	}
}

// TestAReturnedMessageDoesNotBlockOtherGroups checks that groups take turns: AWS returns g2-m1 before g1-m1.
func TestAReturnedMessageDoesNotBlockOtherGroups(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q.fifo", "FifoQueue", "true")
		b.send("q.fifo", "bad@g1#1")
		b.send("q.fifo", "good@g2#2")
		for _, want := range []string{"bad", "good", "bad", "good"} {
			m := b.receiveSome("q.fifo", 1)
			if len(m) != 1 || m[0].Body != want {
				b.Fatalf("received %v, want %s", m, want)
			}
			b.hide("q.fifo", m[0], 0)
		}
	})
}

// TestAWaiterSeesTheReturnedHeadOfAGroup checks that a waiter wakes although the rest of the group is in flight.
func TestAWaiterSeesTheReturnedHeadOfAGroup(t *testing.T) {
	inTime(t, func(b bench) {
		taken := inFlightGroup(b)
		b.want("q.fifo", 0, "g2-m1")
		b.hide("q.fifo", taken[0], 5)
		began := time.Now()
		b.want("q.fifo", 20, "g1-m1")
		if waited := time.Since(began); waited != 5*time.Second {
			b.Errorf("waited %v", waited)
		}
	})
}

// TestADeadLetterOpensItsGroup moves the head of a group to the dead-letter queue while the next message of the group
// is in flight: what follows stays locked, and is received in order afterwards.
func TestADeadLetterOpensItsGroup(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("dead.fifo", "FifoQueue", "true")
		taken := inFlightGroup(b, "RedrivePolicy", redriveTo("dead.fifo", 1))
		b.hide("q.fifo", taken[0], 0)
		b.want("q.fifo", 0, "g2-m1")
		if got := b.want("dead.fifo", 0, "g1-m1")[0].Attributes["MessageGroupId"]; got != "g1" {
			b.Errorf("the dead letter's group is %q", got)
		}
		b.delete("q.fifo", taken[1])
		b.want("q.fifo", 0, "g1-m3")
	})
}

// TestTheDelayOfAFIFOQueueIsRetroactive follows the developer guide, "Amazon SQS delay queues": "For FIFO queues, the
// per-queue delay setting is retroactive".
func TestTheDelayOfAFIFOQueueIsRetroactive(t *testing.T) {
	for queue, want := range map[string]time.Duration{"q.fifo": 5 * time.Second, "q": 100 * time.Second} {
		inTime(t, func(b bench) {
			attributes := []string{"DelaySeconds", "100"}
			if queue == "q.fifo" {
				attributes = append(attributes, "FifoQueue", "true", "ContentBasedDeduplication", "true")
			}
			b.queue(queue, attributes...)
			b.send(queue, "a@g")
			began := time.Now()
			if _, err := b.SetQueueAttributes(b.Context(), &sqs.SetQueueAttributesInput{QueueUrl: queue, Attributes: map[string]string{"DelaySeconds": "5"}}); err != nil {
				b.Fatal(err)
			}
			for len(b.receive(queue, 20)) == 0 {
			}
			if waited := time.Since(began); waited != want {
				b.Errorf("%s: received after %v, want %v", queue, waited, want)
			}
		})
	}
}

// TestReceiveRequestAttempts follows the API reference, ReceiveMessage: a retry with the same id returns the same messages
// and begins their visibility timeout anew, unless one of them was deleted or hidden for another time.
func TestReceiveRequestAttempts(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q.fifo", "FifoQueue", "true")
		b.send("q.fifo", "a@g#1")
		b.send("q.fifo", "b@g#2")
		b.send("q.fifo", "c@h#3")
		receive := func(queue, id string) []sqs.Message {
			b.Helper()
			out, err := b.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: new(2), ReceiveRequestAttemptId: id})
			if err != nil {
				b.Fatal(err)
			}
			return out.Messages
		}
		first := receive("q.fifo", "one")
		time.Sleep(20 * time.Second)
		if again := receive("q.fifo", "one"); !cmp.Equal(first, again) || len(first) != 2 {
			b.Errorf("a retry received %v, want %v", again, first)
		}
		time.Sleep(20 * time.Second) // 40 s after the first, 20 s after the retry
		b.counts("q.fifo", "1 2 0")
		if other := receive("q.fifo", "two"); len(other) != 1 || other[0].Body != "c" {
			b.Errorf("another attempt received %v", other)
		}
		b.hide("q.fifo", first[0], 100)
		if changed := receive("q.fifo", "one"); len(changed) > 0 {
			b.Errorf("a retry after a change received %v", changed)
		}

		b.queue("q")
		b.send("q", "a")
		if got := receive("q", "one"); len(got) != 1 {
			b.Errorf("received %v", got)
		}
		if got := receive("q", "one"); len(got) != 0 { // awspring/spring-cloud-aws#529
			b.Errorf("a standard queue repeated %v", got)
		}
		if _, err := b.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: "q", ReceiveRequestAttemptId: "a b"}); err == nil {
			b.Error("an id with a space is accepted")
		}
	})
}

// TestADeliveryIsCheckedAsASend checks that a rule or topic cannot bring in a group that no sender could.
func TestADeliveryIsCheckedAsASend(t *testing.T) {
	inTime(t, func(b bench) {
		b.queue("q.fifo", "FifoQueue", "true", "Policy", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}`)
		d := delivery.Delivery{To: wire.ARN("sqs", "q.fifo"), Service: "events.amazonaws.com", Body: []byte("a"), GroupID: "a b", DedupID: "1"}
		if err := b.Deliver(b.Context(), d); err == nil || !strings.Contains(err.Error(), "MessageGroupId can only include") {
			b.Errorf("error %v", err)
		}
		d.GroupID = "a"
		if err := b.Deliver(b.Context(), d); err != nil {
			b.Error(err)
		}
		b.counts("q.fifo", "1 0 0")
	})
}
