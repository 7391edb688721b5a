// Command surge shows what a burst of events does to a worker that handles fewer per second: sent directly over HTTP,
// and through a queue. See go -C scripts/lab run ./surge -h.
//
// Both worlds get the same events at the same time. In one, the worker polls its queue at its rate. In the other its
// twin, the same binary with its own store, receives events over HTTP at the same rate (DIRECT_HTTP_ADDR, package
// host) and refuses the rest, which the sender then retries. For an event on an SNS topic the sender is SNS; this
// process confirms the subscription and forwards deliveries. EventBridge delivers over HTTP with an API destination,
// which the local cloud doesn't offer; in that case this process posts each event itself, with SNS's retry policy.
// What happened to each event is read from the worker's steps and, if it has one, its database.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/surge"
)

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	o, err := parse(arguments, t)
	if err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	declared, err := stack.Load(root)
	if err != nil {
		return err
	}
	about, err := choose(declared, o.service)
	if errors.Is(err, errNoRate) {
		fmt.Fprintln(t.Err, err)
		return nil
	}
	if err == nil {
		err = o.fill(about.service.Rate)
	}
	if err != nil {
		return err
	}
	if err := o.surge(ctx, root, about, t.Out, t.Err); err == nil || ctx.Err() == nil {
		return err
	}
	return errors.New("everything has ended and was removed")
}

// surge runs the surge and prints the result.
func (o options) surge(ctx context.Context, root string, about *subject, out, progress io.Writer) error {
	r := &surge.Run{
		Service: about.service.Name, Event: about.contract.Type, Channel: about.contract.Channel,
		Asked: o.burst, Burst: o.burst, Retry: defaultRetry,
	}
	if o.fast {
		r.Retry.Seconds = 1
	}
	reporter := newReporter(o.console)
	screen := newScreen(progress)
	p := &player{root: root, about: about, log: progress, run: r, watch: func(r *surge.Run) {
		screen.show(r)
		reporter.send(r)
	}}
	if err := reporter.find(ctx); err == nil {
		fmt.Fprintf(progress, "live in the console: %s/surge\n", o.console)
	}
	err := p.play(ctx)
	reporter.close()
	screen.close()
	if err != nil {
		return err
	}
	return errors.Join(o.conclude(r, root, out, progress), verdict(r))
}

// conclude prints the result and writes its picture.
func (o options) conclude(r *surge.Run, root string, out, progress io.Writer) error {
	file := o.picture
	if !filepath.IsAbs(file) {
		file = filepath.Join(root, file)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("create a folder for the picture: %w", err)
	}
	if err := os.WriteFile(file, []byte(drawing.Surge(r, pictureWidth, true)), 0o644); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	if o.json {
		fmt.Fprintf(progress, "drawing: %s\n", file)
		return cli.PrintJSON(out, r)
	}
	_, err := fmt.Fprintf(out, "%s\n%s\nDrawing: %s\n", picture(r, coloured(out)), conclusion(r), file)
	return err
}

// pictureWidth is the width of the picture, in pixels.
const pictureWidth = 1000

// verdict returns an error if the queue has lost or repeated an event.
func verdict(r *surge.Run) error {
	if q := r.Result.Queue; q.Lost > 0 || q.Twice > 0 {
		return fmt.Errorf("the queue failed: %d lost, %d done twice", q.Lost, q.Twice)
	}
	return nil
}
