package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/deadletters"
	"example.com/troupe/scripts/internal/progress"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
)

// mostShown is the maximum number of messages looked at per queue.
const mostShown = 1000

// place is one of a service's two dead-letter queues, with what it contains.
type place struct {
	queue deadletters.Queue
	view  deadletters.View

	What   string              `json:"queue"` // "failed" or "undelivered"
	Total  int                 `json:"total"`
	Looked int                 `json:"looked"`
	Groups []deadletters.Group `json:"groups"`
}

// redriver redrives one service.
type redriver struct {
	options
	at     *target.Target
	out    io.Writer // discarded with -json
	notes  io.Writer // progress
	places []*place
	report report
}

// report is the JSON output.
type report struct {
	Service  string              `json:"service"`
	Queues   []*place            `json:"queues"`
	Moved    int                 `json:"moved"`
	Outcomes map[string]int      `json:"outcomes,omitempty"` // what the service did with them
	Returned []deadletters.Group `json:"returned,omitempty"`
	Waiting  bool                `json:"waiting,omitempty"` // the service had not handled all of them when the watch ended
}

func redrive(ctx context.Context, o options, declared *stack.Declared, t cli.Terminal) (err error) {
	if o.rate, err = rateOf(declared, o); err != nil {
		return err
	}
	at, err := target.Find(ctx, declared, o.env, o.endpoint)
	if err != nil {
		return err
	}
	urls, known := at.Queues[o.service]
	if !known {
		return cli.Refuse("%s has no queue; these have: %s", o.service, strings.Join(slices.Sorted(maps.Keys(at.Queues)), ", "))
	}
	client := sqs.NewFromConfig(at.Config)
	r := &redriver{options: o, at: at, out: t.Out, notes: t.Err, places: []*place{
		{queue: deadletters.Failed(client, urls), What: "failed"}, {queue: deadletters.Undelivered(client, urls), What: "undelivered"},
	}}
	err = r.run(ctx)
	if !o.json {
		return err
	}
	r.report.Service, r.report.Queues = o.service, r.places
	return errors.Join(err, cli.PrintJSON(t.Out, r.report))
}

// rateOf returns how many messages per second to move.
func rateOf(declared *stack.Declared, o options) (float64, error) {
	for _, m := range declared.Manifests {
		if m.Name == o.service {
			return cmp.Or(o.rate, min(m.Rate, deadletters.MostPerSecond), defaultRate), nil
		}
	}
	return 0, cli.Refuse("there is no service %s; there are: %s", o.service, strings.Join(declared.Services(), ", "))
}

func (r *redriver) run(ctx context.Context) error {
	for _, p := range r.places {
		if err := p.look(ctx); err != nil {
			return err
		}
		r.show(p)
	}
	if r.dryRun {
		r.printf("Nothing was moved: this was a dry run.\n")
		return nil
	}
	if err := r.check(); err != nil {
		return err
	}
	began := time.Now()
	keys, err := r.move(ctx)
	if err != nil || r.report.Moved == 0 || r.watch == 0 {
		return err
	}
	return r.follow(ctx, began, keys)
}

func (p *place) look(ctx context.Context) (err error) {
	p.view, err = p.queue.Look(ctx, mostShown)
	p.Total, p.Looked, p.Groups = p.view.Total, len(p.view.Letters), deadletters.Groups(p.view.Letters)
	return err
}

// complete reports whether every message in the queue was looked at.
func (p *place) complete() bool { return p.Looked >= p.Total }

// check returns an error if no message has the requested reason.
func (r *redriver) check() error {
	reasons := map[string]bool{}
	for _, p := range r.places {
		if !p.complete() {
			return nil // an unread message may have it
		}
		for _, g := range p.Groups {
			reasons[g.Reason] = true
		}
	}
	if r.reason == "" || reasons[r.reason] {
		return nil
	}
	if len(reasons) == 0 {
		return cli.Refuse("the dead-letter queues are empty")
	}
	return cli.Refuse("no message has the reason %q; the reasons are: %s", r.reason, strings.Join(slices.Sorted(maps.Keys(reasons)), ", "))
}

// move moves the requested messages and returns their keys, or nil if not all are known.
func (r *redriver) move(ctx context.Context) (map[string]bool, error) {
	began, keys, known := time.Now(), map[string]bool{}, true
	for _, p := range r.places {
		letters, n, err := r.moveFrom(ctx, p)
		r.report.Moved += n
		if err != nil {
			return nil, fmt.Errorf("after %s moved: %w", cli.Count(r.report.Moved, "message"), err)
		}
		for _, l := range letters {
			keys[l.Key()] = true
		}
		known = known && (r.reason != "" || p.complete())
	}
	if r.report.Moved > 0 {
		r.printf("Moved %s back to %s in %.1f s.\n", cli.Count(r.report.Moved, "message"), r.service, time.Since(began).Seconds())
	}
	if !known {
		return nil, nil
	}
	return keys, nil
}

// moveFrom moves the requested messages of one queue. It returns their letters, as far as they are known, and their
// number.
func (r *redriver) moveFrom(ctx context.Context, p *place) (letters []deadletters.Letter, n int, err error) {
	if p.Total == 0 || r.reason != "" && p.complete() && !p.has(r.reason) {
		return nil, 0, nil
	}
	var moved, all atomic.Int64
	how := deadletters.Moves{PerSecond: r.rate, Progress: func(n, of int) { moved.Store(int64(n)); all.Store(int64(of)) }}
	stop := progress.Show(ctx, r.notes, func() string {
		return fmt.Sprintf("%d of %d %s messages moved, at most %g per second", moved.Load(), all.Load(), p.What, r.rate)
	})
	defer stop()
	if r.reason != "" {
		letters, err = p.queue.Move(ctx, deadletters.Because(r.reason), how)
		return letters, len(letters), err
	}
	n, err = p.queue.MoveAll(ctx, how)
	return p.view.Letters, n, err
}

func (p *place) has(reason string) bool {
	return slices.ContainsFunc(p.Groups, func(g deadletters.Group) bool { return g.Reason == reason })
}
