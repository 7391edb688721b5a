//go:build chaos && linux

package chaos_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/invariants"
)

// recorder keeps every event that was published, and every reminder.
type recorder struct {
	listener *tap.Listener
	reading  sync.WaitGroup

	mu    sync.Mutex
	facts []events.Envelope
}

// hopsKept is how many hops may wait to be read; one that is lost fails the test.
const hopsKept = 1 << 17

func record(t *tap.Tap) *recorder {
	r := &recorder{listener: t.Listen(hopsKept)}
	r.reading.Go(func() {
		for hop := range r.listener.C {
			if hop.Kind == tap.Published || hop.Kind == tap.Delivered && hop.From == "" { // a reminder goes straight to a queue
				r.take(hop.Body)
			}
		}
	})
	return r
}

func (r *recorder) take(body []byte) {
	envelope, _ := events.Decode(body) // what could be read of it
	if envelope.Metadata.ID == "" {
		return // not ours
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.facts = append(r.facts, envelope)
}

func (r *recorder) close() {
	r.listener.Close()
	r.reading.Wait()
}

// all returns the events so far.
func (r *recorder) all() ([]events.Envelope, error) {
	if lost := r.listener.Dropped(); lost > 0 {
		return nil, fmt.Errorf("%d hops came too fast to be recorded", lost)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]events.Envelope(nil), r.facts...), nil
}

// look sees the troupe as it is now: its events, its tables, its queues.
func (p *troupe) look(ctx context.Context) (w *invariants.World, err error) {
	p.mu.Lock()
	w = &invariants.World{Acknowledged: append([]string(nil), p.acknowledged...), Poisoned: maps.Clone(p.poisoned)}
	p.mu.Unlock()
	opening, err := os.ReadFile(filepath.Join(p.Declared().Root, "services/inventory/internal/stock/opening.json"))
	if err == nil {
		err = json.Unmarshal(opening, &w.Opening)
	}
	if err == nil {
		w.Published, err = p.seen.all()
	}
	if err == nil {
		w.Shipments, err = p.database.shipments(ctx)
	}
	for _, service := range p.Topology().Services {
		if service.Table != nil && err == nil {
			err = p.read(ctx, service.Table.Name, w)
		}
	}
	if err == nil {
		err = p.lookAtQueues(ctx, w)
	}
	return w, err
}

// read takes the documents of a table.
func (p *troupe) read(ctx context.Context, table string, into *invariants.World) error {
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(p.Config()), &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read table %s: %w", table, err)
		}
		for _, item := range page.Items {
			key, isDocument := strings.CutPrefix(text(item["pk"]), "doc#")
			if !isDocument {
				continue
			}
			if err := into.Document(key, []byte(text(item["body"]))); err != nil {
				return err
			}
		}
	}
	return nil
}

func text(value types.AttributeValue) string {
	s, _ := value.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// lookAtQueues notes what is still waiting, and takes the dead letters.
func (p *troupe) lookAtQueues(ctx context.Context, w *invariants.World) error {
	watch := p.watch()
	report, err := watch.Look(ctx)
	if err != nil {
		return err
	}
	for _, depth := range report.Queues {
		if !depth.Empty() {
			w.Waiting = append(w.Waiting, depth.String())
		}
	}
	for _, depth := range report.DeadLetters {
		if depth.Empty() {
			continue // a receive would wait for the queue's long poll
		}
		if err := p.letters(ctx, depth.Queue, watch.DeadLetters[depth.Queue], w); err != nil {
			return fmt.Errorf("read %s: %w", depth.Queue, err)
		}
	}
	return nil
}

// letters takes the messages out of a dead-letter queue.
func (p *troupe) letters(ctx context.Context, name, url string, w *invariants.World) error {
	client := sqs.NewFromConfig(p.Config())
	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}, WaitTimeSeconds: 1})
		if err != nil || len(out.Messages) == 0 {
			return err
		}
		for _, m := range out.Messages {
			envelope, _ := events.Decode([]byte(aws.ToString(m.Body)))
			w.DeadLetters = append(w.DeadLetters, invariants.DeadLetter{
				Queue: name, EventID: envelope.Metadata.ID, Reason: aws.ToString(m.MessageAttributes["reason"].StringValue),
			})
			if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
				return err
			}
		}
	}
}
