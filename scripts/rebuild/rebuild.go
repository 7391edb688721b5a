package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/follow"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/progress"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// How long to wait once the service is paused. AWS may archive an event 10 minutes late (EventBridge user guide,
// "Archiving and replaying events").
const (
	archiveDelay = 10 * time.Minute
	margin       = 5 * time.Second // beyond the longest invocation
)

// rebuilder rebuilds one read model.
type rebuilder struct {
	options
	service  *manifest.Manifest
	at       *target.Target
	archive  *archive.Archive
	table    table
	consumer consumer
	since    time.Time // the archive's reach
	within   archive.Range
	before   contents
	out      io.Writer
	notes    io.Writer // progress
}

func rebuild(ctx context.Context, o options, declared *stack.Declared, t cli.Terminal) error {
	service, err := readModel(declared, o.service)
	if err != nil {
		return err
	}
	at, err := target.Find(ctx, declared, o.env, o.endpoint)
	if err != nil {
		return err
	}
	r := &rebuilder{
		options: o, service: service, at: at, archive: archive.Of(at), out: t.Out, notes: t.Err,
		table: table{dynamodb.NewFromConfig(at.Config), at.Tables[o.service]},
		consumer: consumer{
			functions: lambda.NewFromConfig(at.Config), queues: sqs.NewFromConfig(at.Config),
			queue: at.Queues[o.service].Main, every: follow.PulseOf(o.env).Every,
		},
	}
	if err := r.survey(ctx); err != nil {
		return err
	}
	if r.dryRun {
		r.printf("Nothing was changed: this was a dry run.\n")
		return nil
	}
	if err := r.confirm(t.In); err != nil {
		return err
	}
	if err := r.pause(ctx); err != nil {
		return fmt.Errorf("nothing was dropped, but %s may be paused; run the same command again: %w", r.options.service, err)
	}
	if err := r.drop(ctx); err != nil {
		return fmt.Errorf("%s is paused and what it keeps is incomplete; run the same command again: %w", r.options.service, err)
	}
	began := time.Now()
	if err := r.replay(ctx); err != nil {
		return fmt.Errorf("what %s keeps is incomplete, and it may still be paused; run the same command again: %w", r.options.service, err)
	}
	return r.follow(ctx, began)
}

func (r *rebuilder) printf(format string, arguments ...any) { fmt.Fprintf(r.out, format, arguments...) }

// survey counts what is there, and says what will be done.
func (r *rebuilder) survey(ctx context.Context) (err error) {
	now := time.Now()
	if r.since, err = r.archive.Reach(ctx, now); err != nil {
		return err
	}
	from := r.from
	if from == "" {
		from = r.since.UTC().Format(time.RFC3339)
	}
	if r.within, err = archive.ParseRange(from, "now", now); err != nil {
		return err
	}
	if err := r.counting(ctx, "%d items counted", func(count func(int)) error { r.before, err = r.table.count(ctx, count); return err }); err != nil {
		return err
	}
	var found archive.Contents
	err = r.counting(ctx, "%d events counted", func(count func(int)) error {
		found, err = r.archive.Count(ctx, r.within, r.options.service, count)
		return err
	})
	if err != nil {
		return err
	}
	r.show(found)
	return nil
}

// counting shows how far a function has counted.
func (r *rebuilder) counting(ctx context.Context, line string, run func(count func(int)) error) error {
	var counted atomic.Int64
	stop := progress.Show(ctx, r.notes, func() string { return fmt.Sprintf(line, counted.Load()) })
	defer stop()
	return run(func(n int) { counted.Store(int64(n)) })
}

// confirm asks the user unless -yes was given.
func (r *rebuilder) confirm(in io.Reader) error {
	if r.yes {
		return nil
	}
	r.printf("Drop what %s keeps, and make it anew? Type yes: ", r.options.service)
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(answer) != "yes" {
		return cli.Refuse("nothing was dropped, because you did not type yes; -yes skips the question")
	}
	return nil
}

// pause keeps the service from taking messages, and waits until it handles none.
func (r *rebuilder) pause(ctx context.Context) error {
	if err := r.consumer.consume(ctx, false); err != nil {
		return err
	}
	return r.quiet(ctx)
}

// drop deletes all that the service keeps.
func (r *rebuilder) drop(ctx context.Context) error {
	return r.counting(ctx, fmt.Sprintf("%%d of %d items dropped", r.before.documents+r.before.records), func(count func(int)) error {
		return r.table.empty(ctx, count)
	})
}

// quiet waits until no invocation can be running any more: none outlasts its time-out. On AWS it also waits until the
// archive has what was handled before.
func (r *rebuilder) quiet(ctx context.Context) error {
	local, wait := r.env == stack.Env, time.Duration(r.service.TimeoutSeconds)*time.Second+margin
	if !local {
		wait = max(wait, archiveDelay)
		r.printf("%s is paused. The archive may lag by %s: waiting until %s.\n", r.options.service, archiveDelay, time.Now().Add(wait).Format(time.TimeOnly))
	}
	until := time.Now().Add(wait)
	stop := progress.Show(ctx, r.notes, func() string { return "waiting for " + time.Until(until).Round(time.Second).String() })
	defer stop()
	for time.Now().Before(until) {
		if local {
			if n, err := r.consumer.inFlight(ctx); err != nil || n == "0" {
				return err
			}
		}
		if !pause.For(ctx, min(r.consumer.every, time.Until(until))) {
			return ctx.Err()
		}
	}
	return nil
}

// replay sends the service the events up to now, lets it take messages again, and waits until the archive has sent all.
func (r *rebuilder) replay(ctx context.Context) error {
	within, err := archive.ParseRange(r.within.From.Format(time.RFC3339), "now", time.Now())
	if err != nil {
		return err
	}
	started, err := r.archive.Start(ctx, within, r.options.service)
	if err != nil {
		return err
	}
	r.printf("Replay %s\n", started.Name)
	if err := r.consumer.consume(ctx, true); err != nil {
		return err
	}
	var at atomic.Pointer[archive.Replay]
	at.Store(&started)
	stop := progress.Show(ctx, r.notes, func() string { return "replaying, as far as " + at.Load().At.UTC().Format(time.RFC3339) })
	defer stop()
	return r.archive.Wait(ctx, started.Name, r.consumer.every, func(now archive.Replay) { at.Store(&now) })
}

// follow waits until the service has handled the events, and compares what it keeps with before.
func (r *rebuilder) follow(ctx context.Context, began time.Time) error {
	steps := &trace.Collector{}
	stop := progress.Show(ctx, r.notes, func() string { return "handling: " + cli.Count(steps.Count(), "step") })
	waiting, cancel := context.WithTimeout(ctx, r.watch)
	defer cancel()
	err := follow.Wait(waiting, r.at, follow.NewLogs(r.at, began, steps), follow.PulseOf(r.env), r.options.service)
	stop()
	late := errors.Is(err, context.DeadlineExceeded)
	if err != nil && !late {
		return err
	}
	return r.conclude(ctx, steps.All(), late)
}
