//go:build chaos && linux

package chaos_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/lab/always"
)

// recorder collects every published event, and every reminder, until it is taken.
type recorder struct {
	listener  *tap.Listener
	outsiders []*events.Contract
	reading   sync.WaitGroup

	mu     sync.Mutex
	events []events.Envelope
}

// hopsKept is how many hops may wait to be read; a dropped one fails the test.
const hopsKept = 1 << 17

func record(t *tap.Tap, outsiders []*events.Contract) *recorder {
	r := &recorder{listener: t.Listen(hopsKept), outsiders: outsiders}
	r.reading.Go(func() {
		for hop := range r.listener.C {
			if hop.Kind == tap.Published || hop.Kind == tap.Delivered && hop.From == "" { // a reminder is sent directly to a queue
				r.add(hop.Body)
			}
		}
	})
	return r
}

func (r *recorder) add(body []byte) {
	envelope, _ := events.Decode(body, r.outsiders...) // as much as could be decoded
	if envelope.Metadata.ID == "" {
		return // not ours
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, envelope)
}

func (r *recorder) close() {
	r.listener.Close()
	r.reading.Wait()
}

// take returns the events since its last call.
func (r *recorder) take() ([]events.Envelope, error) {
	if lost := r.listener.Dropped(); lost > 0 {
		return nil, fmt.Errorf("%d hops came too fast to be recorded", lost)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.events
	r.events = nil
	return taken, nil
}

// check checks all invariants on the current system, and returns how many dead letters it removed.
func (p *system) check(ctx context.Context) (letters int, err error) {
	published, err := p.seen.take()
	if err != nil {
		return 0, err
	}
	for _, e := range published {
		p.log.Published(canonical(e), true)
	}
	if letters, err = p.takeLetters(ctx); err != nil {
		return letters, err
	}
	p.log.CheckPoison()
	if domain.Check == nil {
		return letters, nil
	}
	w := p.log.World()
	w.Documents, w.Databases = map[string]map[string]json.RawMessage{}, map[string]*sql.DB{}
	client := dynamodb.NewFromConfig(p.Config())
	for _, service := range p.Topology().Services {
		switch {
		case service.Table != nil:
			w.Documents[service.Name], err = always.Documents(ctx, client, service.Table.Name)
		case service.SQL:
			database, failure := sql.Open("pgx", p.database.url(service.Name))
			if failure != nil {
				return letters, failure
			}
			defer database.Close()
			w.Databases[service.Name] = database
			w.Documents[service.Name], err = always.Rows(ctx, database)
		}
		if err != nil {
			return letters, err
		}
	}
	for _, v := range domain.Check(w) {
		p.violated(v.String())
	}
	return letters, nil
}

// canonical returns an event in a comparable form: channels may encode the same data differently.
func canonical(e events.Envelope) string {
	var data any
	if json.Unmarshal(e.Data, &data) == nil {
		e.Data, _ = json.Marshal(data) // it was decoded from JSON
	}
	text, _ := json.Marshal(e)
	return string(text)
}

// takeLetters takes all messages from the dead-letter queues.
func (p *system) takeLetters(ctx context.Context) (n int, err error) {
	watch := p.watch()
	report, err := watch.Look(ctx)
	if err != nil {
		return 0, err
	}
	for _, depth := range report.DeadLetters {
		if depth.Empty() {
			continue // a receive would wait for the queue's long poll
		}
		service := strings.TrimSuffix(depth.Queue, "-dlq")
		taken, err := p.letters(ctx, service, watch.DeadLetters[depth.Queue])
		if n += taken; err != nil {
			return n, fmt.Errorf("read %s: %w", depth.Queue, err)
		}
	}
	return n, nil
}

func (p *system) letters(ctx context.Context, service, url string) (n int, err error) {
	client := sqs.NewFromConfig(p.Config())
	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}, WaitTimeSeconds: 1})
		if err != nil || len(out.Messages) == 0 {
			return n, err
		}
		for _, m := range out.Messages {
			n++
			p.log.DeadLetter(always.Letter{
				Service: service, Body: aws.ToString(m.Body),
				Reason: aws.ToString(m.MessageAttributes["reason"].StringValue), Error: aws.ToString(m.MessageAttributes["error"].StringValue),
			})
			if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
				return n, err
			}
		}
	}
}
