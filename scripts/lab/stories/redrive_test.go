package stories_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/stack"
)

// TestRedrive sends messages to the dead-letter queues of scheduling for different reasons, and checks how an
// operator sees them and redrives them once the cause is fixed.
func TestRedrive(t *testing.T) {
	at := own(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	o := &operator{t: t, ctx: ctx, at: at, client: sqs.NewFromConfig(at.Config()), redrive: buildCommand(t, at, "redrive")}
	o.queue, o.dead = at.Watch().Queues["scheduling"], at.Watch().DeadLetters["scheduling-dlq"]
	mended := time.Now().Add(15 * time.Second)
	once := o.impatient()
	down := o.request(map[string]any{"sky": "down_until_" + mended.UTC().Format(time.RFC3339)})
	antique := o.request(map[string]any{"epoch": "B1875"})
	invalid := o.request(map[string]any{"night": 7})
	o.until(3, o.dead)
	once()
	lost := o.unreachable()

	o.says(0, []string{"-dry-run"}, "3 messages that scheduling failed at", "1 message that did not reach scheduling",
		"too many receives", "unsupported epoch", "bad-contract", "NO_PERMISSIONS", "/night", "dry run")
	o.says(0, []string{"-dry-run", "-json"}, `"reason": "too many receives"`, `"total": 3`)
	o.until(3, o.dead) // no message is hidden
	o.says(2, []string{"-reason", "bad-luck"}, `"bad-luck"; the reasons are: NO_PERMISSIONS, bad-contract`)
	o.says(2, []string{"-service", "nobody"}, "there is no service nobody; there are: desk, dome, herald, scheduling")
	o.ended(down, events.Handled, 0)

	o.says(0, []string{"-reason", "NO_PERMISSIONS"}, "Moved 1 message", "1 handled", "Nothing came back")
	o.ended(lost, events.Handled, 1)
	<-time.After(time.Until(mended)) // the forecast works again
	o.says(0, []string{"-reason", "too many receives"}, "Moved 1 message", "1 handled", "Nothing came back")
	o.ended(down, events.Handled, 1)
	o.until(2, o.dead)

	// The desk has withdrawn the observation of another epoch meanwhile, so it gets no slot. The other is still
	// invalid.
	if _, err := at.Steps.Find(ctx, func(step events.Step) bool {
		return step.Service == "scheduling" && step.Subject == antique.Subject && step.EventType == "observation.withdrawn.v1"
	}); err != nil {
		t.Fatal(err)
	}
	o.says(1, []string{"-rate", "20"}, "Moved 2 messages", "1 handled", "1 dead-lettered", "1 message came back", "bad-contract", "not fixed")
	o.ended(antique, events.Handled, 1)
	o.ended(invalid, events.DeadLettered, 2)
	o.until(1, o.dead)
	o.empty()
}

// operator works with the dead-letter queues of scheduling.
type operator struct {
	t       *testing.T
	ctx     context.Context
	at      *stack.Stack
	client  *sqs.Client
	redrive command
	queue   string // URLs
	dead    string
}

// says runs redrive for scheduling and checks its exit code and its output.
func (o *operator) says(code int, arguments []string, parts ...string) {
	o.t.Helper()
	got, printed := o.redrive.run(o.ctx, append([]string{"-service", "scheduling"}, arguments...)...)
	if got != code {
		o.t.Errorf("redrive %q: exit %d, want %d\n%s", arguments, got, code, printed)
	}
	for _, part := range parts {
		if !strings.Contains(printed, part) {
			o.t.Errorf("redrive %q does not say %q:\n%s", arguments, part, printed)
		}
	}
}

// request publishes an observation request with members other than the example's.
func (o *operator) request(other map[string]any) events.Metadata {
	o.t.Helper()
	message := example(o.t, o.at, "observation.requested.v1", other)
	publish(o.ctx, o.t, o.at, message)
	return message.Envelope.Metadata
}

// impatient makes the queue dead-letter a message after its first receive, and returns a function that undoes that.
func (o *operator) impatient() (back func()) {
	out, err := o.client.GetQueueAttributes(o.ctx, &sqs.GetQueueAttributesInput{QueueUrl: &o.queue, AttributeNames: []types.QueueAttributeName{"RedrivePolicy"}})
	if err != nil {
		o.t.Fatal(err)
	}
	var policy map[string]any
	if err := json.Unmarshal([]byte(out.Attributes["RedrivePolicy"]), &policy); err != nil {
		o.t.Fatal(err)
	}
	policy["maxReceiveCount"] = 1
	text, err := json.Marshal(policy)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.set(map[string]string{"RedrivePolicy": string(text)})
}

// unreachable publishes a request while the queue's policy admits no rule.
func (o *operator) unreachable() (event events.Metadata) {
	back := o.set(map[string]string{"Policy": ""})
	event = o.request(nil)
	o.until(1, o.at.Watch().DeadLetters["scheduling-undelivered"])
	back()
	return event
}

// until waits until a queue shows n messages.
func (o *operator) until(n int, url string) {
	o.t.Helper()
	w := o.at.Watch()
	w.Queues, w.DeadLetters = nil, map[string]string{"it": url}
	for {
		report, err := w.Look(o.ctx)
		if err != nil {
			o.t.Fatalf("waiting for %d messages in %s: %v", n, url, err)
		}
		if report.DeadLetters[0].Visible == n {
			return
		}
		pause.For(o.ctx, pollEvery)
	}
}

// ended waits until scheduling has handled an event a number of times with an outcome.
func (o *operator) ended(event events.Metadata, outcome events.Outcome, times int) {
	o.t.Helper()
	for {
		steps := o.at.Steps.Where(func(s events.Step) bool { return s.Service == "scheduling" && s.EventID == event.ID })
		n := 0
		for _, s := range steps {
			if s.Outcome == outcome {
				n++
			}
		}
		switch {
		case n == times:
			return
		case n > times || o.ctx.Err() != nil:
			o.t.Fatalf("%s %d times, want %d: %+v", outcome, n, times, steps)
		}
		pause.For(o.ctx, pollEvery)
	}
}

// empty deletes what is left in the dead-letter queues.
func (o *operator) empty() {
	for _, url := range o.at.Watch().DeadLetters {
		if _, err := o.client.PurgeQueue(o.ctx, &sqs.PurgeQueueInput{QueueUrl: &url}); err != nil {
			o.t.Error(err)
		}
	}
}

// set changes attributes of the queue and returns a function that restores them.
func (o *operator) set(attributes map[string]string) (back func()) {
	o.t.Helper()
	names := make([]types.QueueAttributeName, 0, len(attributes))
	for name := range attributes {
		names = append(names, types.QueueAttributeName(name))
	}
	before, err := o.client.GetQueueAttributes(o.ctx, &sqs.GetQueueAttributesInput{QueueUrl: &o.queue, AttributeNames: names})
	if err != nil {
		o.t.Fatal(err)
	}
	put := func(attributes map[string]string) {
		if _, err := o.client.SetQueueAttributes(o.ctx, &sqs.SetQueueAttributesInput{QueueUrl: &o.queue, Attributes: attributes}); err != nil {
			o.t.Fatal(err)
		}
	}
	put(attributes)
	return func() { put(before.Attributes) }
}
