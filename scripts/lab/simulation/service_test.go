package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing/synctest"
	"time"

	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/host"
	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// service is one of the checkout's services, with its running instances.
type service struct {
	*program
	database    *database            // nil if it has none
	queue       string               // its name; "" if it has none
	url         string               // of the queue
	deadLetters string               // the name of the dead-letter queue
	undelivered string               // the name of the queue for undelivered events
	gentle      time.Time            // until then its calls have no faults
	outages     map[string]time.Time // when the outage of an operation ends
	instances   []*instance
	lost        []time.Time // when crashed instances start again
	started     int
}

// instance is a simulated process of a service.
type instance struct {
	name    string // "herald#2"
	service *service
	host    *host.Embedded
	dead    bool // crashed: its calls have no effect any more
	cancel  context.CancelFunc
}

// restful is how often a message may be received with faults; later faults would dead-letter it through no fault of
// the service.
const restful = 3

// tired reports whether one of the received messages was received too often. If so, the service has no faults for a
// while.
func (s *service) tired(received []byte) bool {
	const count = `"ApproximateReceiveCount":"`
	for rest := received; ; {
		_, after, found := bytes.Cut(rest, []byte(count))
		if !found {
			return false
		}
		digits, _, _ := bytes.Cut(after, []byte(`"`))
		if n, _ := strconv.Atoi(string(digits)); n >= restful {
			s.gentle = time.Now().Add(time.Minute)
			return true
		}
		rest = after
	}
}

// start starts an instance.
func (w *world) start(s *service) {
	s.started++
	in := &instance{name: fmt.Sprintf("%s#%d", s.Name, s.started), service: s}
	ctx, cancel := context.WithCancel(context.Background())
	in.cancel = cancel
	embedded, err := w.embed(ctx, in)
	if err != nil {
		w.violate("services start", "", "%s: %v", in.name, err)
		return
	}
	in.host = embedded
	s.instances = append(s.instances, in)
	if s.queue == "" {
		return
	}
	w.running.Go(func() {
		if w.plan.functions && s.Runtime == manifest.Lambda {
			in.feed(ctx, sqs.NewFromConfig(w.config(in)))
		} else {
			in.host.Poll(ctx)
		}
	})
	synctest.Wait() // so that only one instance at a time draws its random name
}

// kill ends an instance in the middle of its work. Another one starts some time later.
func (w *world) kill(in *instance) {
	in.dead = true
	in.service.remove(in)
	in.service.lost = append(in.service.lost, time.Now().Add(time.Duration(w.rng.Int64N(int64(20*time.Second)))))
	w.mu.Lock()
	var rest, theirs []*item
	for _, it := range w.waiting {
		if it.from == in {
			theirs = append(theirs, it)
		} else {
			rest = append(rest, it)
		}
	}
	w.waiting = rest
	w.mu.Unlock()
	in.cancel()
	synctest.Wait()
	for _, it := range theirs { // in turn, because they continue at once and draw random numbers
		it.turn <- dead
		synctest.Wait()
	}
}

func (s *service) remove(in *instance) {
	for i, other := range s.instances {
		if other == in {
			s.instances = append(s.instances[:i:i], s.instances[i+1:]...)
		}
	}
}

// redeploy replaces the instances of a service: new ones start, and old ones finish their work.
func (w *world) redeploy(s *service) {
	old := s.instances
	s.instances = nil
	for _, in := range old {
		w.start(s)
		in.cancel()
		synctest.Wait() // so that it stops polling before anything else continues
	}
}

// revive restarts instances that crashed long enough ago.
func (w *world) revive() {
	now := time.Now()
	for _, s := range w.services {
		for len(s.lost) > 0 && !s.lost[0].After(now) {
			s.lost = s.lost[1:]
			w.start(s)
		}
	}
}

// feed is the event source mapping of an instance that runs as a function: it receives batches, invokes the function,
// and deletes the messages that the function doesn't report as failed.
func (in *instance) feed(ctx context.Context, client *sqs.Client) {
	for ctx.Err() == nil {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &in.service.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 20,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
		if err == nil && len(out.Messages) > 0 {
			in.invoke(context.WithoutCancel(ctx), client, out.Messages)
		}
	}
}

func (in *instance) invoke(ctx context.Context, client *sqs.Client, messages []types.Message) {
	payload := lambdaevents.SQSEvent{}
	for _, m := range messages {
		payload.Records = append(payload.Records, lambdaevents.SQSMessage{
			MessageId: *m.MessageId, ReceiptHandle: *m.ReceiptHandle, Body: *m.Body, Attributes: m.Attributes, EventSource: "aws:sqs",
		})
	}
	body, _ := json.Marshal(payload)
	limited, cancel := context.WithTimeout(ctx, time.Duration(in.service.TimeoutSeconds)*time.Second)
	defer cancel()
	answer, err := in.host.Invoke(limited, body)
	if err != nil {
		return
	}
	var failed lambdaevents.SQSEventResponse
	_ = json.Unmarshal(answer, &failed)
	done := &sqs.DeleteMessageBatchInput{QueueUrl: &in.service.url}
	for _, m := range messages {
		if !slices.Contains(failed.BatchItemFailures, lambdaevents.SQSBatchItemFailure{ItemIdentifier: *m.MessageId}) {
			done.Entries = append(done.Entries, types.DeleteMessageBatchRequestEntry{Id: m.MessageId, ReceiptHandle: m.ReceiptHandle})
		}
	}
	if len(done.Entries) > 0 {
		_, _ = client.DeleteMessageBatch(ctx, done) // what isn't deleted is redelivered
	}
}
