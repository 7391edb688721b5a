package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/follow"
	"example.com/troupe/scripts/internal/progress"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// replayer runs one replay.
type replayer struct {
	options
	at       *target.Target
	archive  *archive.Archive
	declared *stack.Declared
	out      io.Writer // discarded with -json
	notes    io.Writer // progress
	report   report
}

// report is the JSON output.
type report struct {
	archive.Range
	Services []string         `json:"services"`
	Events   archive.Contents `json:"events"`
	Replay   string           `json:"replay,omitempty"` // its name
	Results  []archive.Result `json:"results,omitempty"`
	Waiting  bool             `json:"waiting,omitempty"` // services had not handled all of them when the watch ended
}

func replay(ctx context.Context, o options, declared *stack.Declared, t cli.Terminal) error {
	at, err := target.Find(ctx, declared, o.env, o.endpoint)
	if err != nil {
		return err
	}
	r := &replayer{options: o, at: at, archive: archive.Of(at), declared: declared, out: t.Out, notes: t.Err}
	if err := r.choose(); err != nil {
		return err
	}
	err = r.run(ctx, t.In)
	if !o.json {
		return err
	}
	return errors.Join(err, cli.PrintJSON(t.Out, r.report))
}

// choose determines the services that receive the events.
func (r *replayer) choose() error {
	r.report.Range, r.report.Services = r.within, r.archive.Services()
	if r.service == "" {
		return nil
	}
	if !slices.Contains(r.report.Services, r.service) {
		return cli.Refuse("%s subscribes to nothing on the bus, whose archive this is; these do: %s", r.service, strings.Join(r.report.Services, ", "))
	}
	r.report.Services = []string{r.service}
	return nil
}

func (r *replayer) run(ctx context.Context, in io.Reader) (err error) {
	var counted atomic.Int64
	stop := progress.Show(ctx, r.notes, func() string { return cli.Count(int(counted.Load()), "event") + " counted" })
	r.report.Events, err = r.archive.Count(ctx, r.within, r.service, func(n int) { counted.Store(int64(n)) })
	stop()
	if err != nil {
		return err
	}
	r.show()
	if r.dryRun {
		r.printf("Nothing was replayed: this was a dry run.\n")
		return nil
	}
	if err := r.confirm(in); err != nil {
		return err
	}
	began := time.Now()
	if err := r.start(ctx); err != nil || r.watch == 0 {
		return err
	}
	return r.follow(ctx, began)
}

// confirm asks the user unless -yes was given.
func (r *replayer) confirm(in io.Reader) error {
	if r.yes || r.json {
		return nil
	}
	fmt.Fprintf(r.out, "Replay them to %s? Type yes: ", strings.Join(r.report.Services, ", "))
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(answer) != "yes" {
		return cli.Refuse("nothing was replayed, because you did not type yes; -yes skips the question")
	}
	return nil
}

// start starts the replay and waits until the archive has sent all events.
func (r *replayer) start(ctx context.Context) error {
	started, err := r.archive.Start(ctx, r.within, r.service)
	if err != nil {
		return err
	}
	r.report.Replay = started.Name
	r.printf("Replay %s\n", started.Name)
	var now atomic.Pointer[archive.Replay]
	now.Store(&started)
	stop := progress.Show(ctx, r.notes, func() string {
		if at := now.Load(); !at.At.IsZero() {
			return fmt.Sprintf("%s, as far as %s", strings.ToLower(string(at.State)), at.At.UTC().Format(time.RFC3339))
		}
		return strings.ToLower(string(now.Load().State))
	})
	defer stop()
	return r.archive.Wait(ctx, started.Name, follow.PulseOf(r.env).Every, func(at archive.Replay) { now.Store(&at) })
}

// follow watches for a while what services do with the events.
func (r *replayer) follow(ctx context.Context, began time.Time) error {
	steps := &trace.Collector{}
	stop := progress.Show(ctx, r.notes, func() string { return "services are handling them: " + cli.Count(steps.Count(), "step") })
	waiting, cancel := context.WithTimeout(ctx, r.watch)
	defer cancel()
	err := follow.Wait(waiting, r.at, follow.NewLogs(r.at, began, steps), follow.PulseOf(r.env), r.report.Services...)
	stop()
	r.report.Waiting = errors.Is(err, context.DeadlineExceeded)
	if err != nil && !r.report.Waiting {
		return err
	}
	r.report.Results = archive.Results(steps.All(), r.report.Events.IDs)
	return r.conclude()
}
