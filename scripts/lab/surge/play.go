package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/surge"
)

// sampleEvery is the interval of samples.
const sampleEvery = 250 * time.Millisecond

// player runs one surge.
type player struct {
	root  string
	about *subject
	log   io.Writer
	run   *surge.Run
	watch func(*surge.Run) // called with every sample
}

// play runs a trial, and then as much of the burst as the machine can handle.
func (p *player) play(ctx context.Context) (err error) {
	fmt.Fprintln(p.log, "measuring how many events per second this machine can publish …")
	if p.run.Reachable, err = trial(ctx, p.about); err != nil {
		return fmt.Errorf("measure how much this machine can publish: %w", err)
	}
	if within := rounded(p.run.Reachable * trialShare); within < p.run.Asked.Rate {
		p.run.Burst = p.run.Asked.Within(within)
		fmt.Fprintln(p.log, p.run.Scaled())
	}
	fmt.Fprintf(p.log, "creating %s events …\n", cli.Thousands(p.run.Burst.Events()))
	messages, err := p.about.events(p.run.Burst.Events())
	if err != nil {
		return err
	}
	t, err := open(ctx, p.root, p.about, p.run, messages, p.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	return p.burst(ctx, t)
}

// burst publishes the events and follows both worlds to the end.
func (p *player) burst(ctx context.Context, t *theatre) error {
	began := time.Now()
	var ended time.Time
	group, playing := errgroup.WithContext(ctx)
	published := make(chan struct{})
	group.Go(func() error {
		defer close(published)
		to := t.stack.Publisher(t.stack.Config(), p.about.contract.Producer)
		err := publish(playing, to, t.messages, p.run.Burst.Rate, t.send)
		ended = time.Now()
		return err
	})
	group.Go(func() error { return p.follow(playing, t.ledger, began) })
	if err := group.Wait(); err != nil {
		return err
	}
	result := &surge.Result{Seconds: ended.Sub(began).Seconds(), Records: p.about.sql()}
	var err error
	if result.Webhook, err = t.outcome(ctx, behindWebhook, &t.ledger.webhook, ended); err != nil {
		return err
	}
	if result.Queue, err = t.outcome(ctx, behindQueue, &t.ledger.queue, ended); err != nil {
		return err
	}
	p.run.Result = result
	settle(&p.run.Samples[len(p.run.Samples)-1], result)
	p.watch(p.run)
	return nil
}

// follow takes samples until every event has ended in both worlds.
func (p *player) follow(ctx context.Context, l *ledger, began time.Time) error {
	patience := time.Duration(2*p.run.Expected())*time.Second + time.Minute
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("after %s it has not ended: %s behind the queue, %s behind the webhook",
					patience, p.run.Last().Queue.Summary(), p.run.Last().Webhook.Summary())
			}
			return ctx.Err()
		case <-tick.C:
		}
		if err := l.failure(); err != nil {
			return err
		}
		now := l.sample(began)
		if done(now, len(l.sent)) {
			p.run.Samples = append(p.run.Samples, now) // the last sample is always kept
			return nil
		}
		p.run.Add(now)
		p.watch(p.run)
	}
}

// settle corrects the last sample by the result: an event may have been handled after its sender gave up.
func settle(last *surge.Sample, r *surge.Result) {
	last.Webhook.Completed, last.Webhook.Lost = r.Webhook.Completed, r.Webhook.Lost
	last.Queue.Completed, last.Queue.Lost = r.Queue.Completed, r.Queue.Lost
}

// done reports whether nothing is waiting any more.
func done(s surge.Sample, all int) bool {
	return s.Arrived == all && s.Webhook.Waiting == 0 && s.Queue.Waiting == 0
}
