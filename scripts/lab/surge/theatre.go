package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/internal/trace"
)

// theatre is where the surge runs: a local cloud with the worker behind its queue, and its twin, with its own store,
// which receives events over HTTP.
type theatre struct {
	about    *subject
	messages []events.Message
	stack    *stack.Stack
	dir      string // of both databases
	ledger   *ledger
	twin     *twin
	courier  *courier // nil if SNS delivers
	hook     *webhook // the endpoint for SNS
	tapped   *tap.Listener
	reading  sync.WaitGroup
}

// The two worlds, as their databases are named.
const (
	behindWebhook = "webhook"
	behindQueue   = "queue"
)

// database returns the path of a world's database.
func (t *theatre) database(world string) string { return filepath.Join(t.dir, world+".db") }

// open starts everything for a burst of these events. The caller must close the theatre.
func open(ctx context.Context, root string, about *subject, r *surge.Run, messages []events.Message, log io.Writer) (_ *theatre, err error) {
	t := &theatre{about: about, messages: messages, ledger: newLedger(messages)}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.Close())
		}
	}()
	if t.dir, err = os.MkdirTemp("", "troupe-surge-"); err != nil {
		return nil, fmt.Errorf("create a folder for the databases: %w", err)
	}
	settings := map[string]string{"RATE": strconv.FormatFloat(r.Burst.Capacity, 'g', -1, 64), "TRACE_PAYLOADS": "false"}
	if about.sql() {
		settings["DATABASE_URL"] = "sqlite://" + t.database(behindQueue)
	}
	t.stack, err = stack.Start(ctx, stack.Options{
		Root: root, Only: []string{about.service.Name}, Log: log, Environment: map[string]map[string]string{about.service.Name: settings},
		Steps: &trace.Collector{Forget: true, OnStep: func(s events.Step) { t.ledger.step(&t.ledger.queue, s) }},
	})
	if err != nil {
		return nil, err
	}
	if t.twin, err = t.startTwin(ctx, root); err != nil {
		return nil, err
	}
	return t, t.connect(ctx, newDoor(t.twin.address, t.ledger), r.Retry)
}

// connect directs events to the door: if they have a topic, by a subscription whose failures are read.
func (t *theatre) connect(ctx context.Context, d *door, retry surge.Retry) (err error) {
	if t.about.contract.Channel != events.SNS {
		t.courier = newCourier(d, t.ledger.lose, retry)
		return nil
	}
	if t.hook, err = newWebhook(t.stack.Endpoint, d.take); err != nil {
		return err
	}
	names := t.stack.Topology().Names
	subscription, err := subscribe(ctx, sns.NewFromConfig(t.stack.Config()), names.ARN("sns", names.Topic(t.about.contract.Type)), t.hook, retry)
	if err != nil {
		return err
	}
	t.tapped = t.stack.Tap().Listen(1 << 17)
	t.reading.Go(func() {
		for hop := range t.tapped.C {
			if hop.Kind == tap.Undelivered && hop.Resource == subscription {
				t.ledger.lose(hop.MessageID)
			}
		}
	})
	return nil
}

// send records that some of the events are being published, and posts them if SNS doesn't deliver.
func (t *theatre) send(from, to int) error {
	t.ledger.publish(from, to)
	if t.courier == nil {
		return nil
	}
	for _, m := range t.messages[from:to] {
		if err := t.courier.post(m); err != nil {
			return err
		}
	}
	return nil
}

// Close stops and removes everything.
func (t *theatre) Close() error {
	var failures []error
	if t.courier != nil {
		t.courier.Close()
	}
	if t.twin != nil {
		failures = append(failures, t.twin.process.Stop())
	}
	if t.stack != nil {
		failures = append(failures, t.stack.Close())
	}
	if t.hook != nil {
		failures = append(failures, t.hook.Close())
	}
	if t.tapped != nil {
		t.tapped.Close()
		t.reading.Wait()
	}
	if t.dir != "" {
		failures = append(failures, os.RemoveAll(t.dir))
	}
	return errors.Join(failures...)
}
