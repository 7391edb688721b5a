package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/internal/trace"
	"example.com/troupe/scripts/internal/workers"
)

// theatre is where the surge plays: a local cloud with the warehouse behind its queue, and a second warehouse, with a
// database of its own, behind a webhook. Both hear the same topic, so they get the very same events.
type theatre struct {
	stack   *stack.Stack
	dir     string // of both databases
	ledger  *ledger
	second  *workers.Process
	hook    *webhook
	tapped  *tap.Listener
	reading sync.WaitGroup
}

// The two worlds, as their databases are named.
const (
	behindWebhook = "webhook"
	behindQueue   = "queue"
)

// database returns the file where a world's warehouse keeps its jobs.
func (t *theatre) database(world string) string { return filepath.Join(t.dir, world+".db") }

// open starts everything, for events about certain orders. Close the theatre.
func open(ctx context.Context, root string, capacity float64, retry surge.Retry, l *ledger, log io.Writer) (_ *theatre, err error) {
	t := &theatre{ledger: l}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.Close())
		}
	}()
	if t.dir, err = os.MkdirTemp("", "troupe-surge-"); err != nil {
		return nil, fmt.Errorf("make a folder for the databases: %w", err)
	}
	t.stack, err = stack.Start(ctx, stack.Options{
		Root: root, Only: []string{"warehouse"}, Log: log,
		Steps: &trace.Collector{OnStep: func(s events.Step) { l.step(&l.queue, s) }},
		Environment: map[string]map[string]string{"warehouse": {
			"RATE": strconv.FormatFloat(capacity, 'g', -1, 64), "DATABASE_URL": "sqlite://" + t.database(behindQueue), "TRACE_PAYLOADS": "false",
		}},
	})
	if err != nil {
		return nil, err
	}
	address, err := t.startSecond(ctx, root, capacity, log)
	if err != nil {
		return nil, err
	}
	return t, t.connect(ctx, newDoor(address, l), retry)
}

// startSecond starts the warehouse that has no queue, and returns where it serves.
func (t *theatre) startSecond(ctx context.Context, root string, capacity float64, log io.Writer) (address string, err error) {
	builder := build.Builder{Root: root, Dir: filepath.Join(root, ".troupe", "bin"), Log: log}
	if err := builder.Build(ctx, "warehouse"); err != nil {
		return "", err
	}
	env, err := t.environment(ctx, capacity)
	if err != nil {
		return "", err
	}
	steps := &trace.Collector{OnStep: func(s events.Step) { t.ledger.step(&t.ledger.webhook, s) }}
	t.second, err = workers.Start(workers.Spec{Name: "warehouse (direct)", Path: builder.Path("warehouse"), Dir: t.dir, Env: env, Line: steps.Line})
	if err != nil {
		return "", err
	}
	return t.second.Ready(ctx)
}

// environment is the first warehouse's, with its permissions, but for what sets the second apart.
func (t *theatre) environment(ctx context.Context, capacity float64) ([]string, error) {
	cfg, err := t.stack.As(ctx, "warehouse")
	if err != nil {
		return nil, err
	}
	key, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("the warehouse's credentials: %w", err)
	}
	variables := map[string]string{}
	for _, service := range t.stack.Topology().Services {
		if service.Name == "warehouse" {
			maps.Copy(variables, service.Environment)
		}
	}
	maps.Copy(variables, map[string]string{
		"AWS_ENDPOINT_URL": t.stack.Endpoint, "AWS_REGION": cfg.Region,
		"AWS_ACCESS_KEY_ID": key.AccessKeyID, "AWS_SECRET_ACCESS_KEY": key.SecretAccessKey, "AWS_SESSION_TOKEN": key.SessionToken,
		"DATABASE_URL": "sqlite://" + t.database(behindWebhook), "DIRECT_HTTP_ADDR": "127.0.0.1:0", "RATE": strconv.FormatFloat(capacity, 'g', -1, 64),
		"PATH": os.Getenv("PATH"), "HOME": os.Getenv("HOME"),
	})
	var env []string
	for name, value := range variables {
		env = append(env, name+"="+value)
	}
	return env, nil
}

// connect subscribes the second warehouse to the topic, and reads what SNS gives up.
func (t *theatre) connect(ctx context.Context, d *door, retry surge.Retry) (err error) {
	if t.hook, err = newWebhook(t.stack.Endpoint, d.take); err != nil {
		return err
	}
	names := t.stack.Topology().Names
	subscription, err := subscribe(ctx, sns.NewFromConfig(t.stack.Config()), names.ARN("sns", names.Topic(eventType)), t.hook, retry)
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

// Close ends everything; nothing is left behind.
func (t *theatre) Close() error {
	var failures []error
	if t.second != nil {
		failures = append(failures, t.second.Stop())
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
