// Command surge shows what a burst of events does to a consumer that takes fewer a second than come: straight over
// HTTP, and through a queue. See go run ./scripts/surge -h.
//
// One topic has both as subscribers, so both worlds get the very same events at the same time. In the one the
// warehouse's own worker (services/warehouse) polls its queue at its rate. In the other the same dock and database stand
// behind an HTTP route (services/warehouse/webhook, a process of its own), and this process is its door: it admits as
// many deliveries a second as the worker takes, answers the others with 503, and leaves the rest to SNS's retry policy. What
// has become of each event is read from the warehouses' databases.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/local/console/drawing"
)

// The exit codes.
const (
	exitFailure = 1 // it could not be played, or the queue did not keep what it promises
	exitUsage   = 2
)

const examples = `surge shows a burst of events at a consumer that takes fewer a second, with and without a queue before it.

  go run ./scripts/surge [flags]

Examples:
  go run ./scripts/surge                                  # 10,000 a second in for 5 seconds, 500 a second out
  go run ./scripts/surge -rate 400 -capacity 50 -fast     # small, and over in less than a minute
  go run ./scripts/surge -json | jq .result               # for machines

It has a local cloud of its own. A console that runs (make up) draws it live on its page Surge.

Flags:
`

// options are what the command line says.
type options struct {
	burst   surge.Burst
	fast    bool
	json    bool
	picture string
	console string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, arguments []string, out, problems io.Writer) int {
	o, err := parse(arguments, problems)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitUsage
	}
	err = o.surge(ctx, out, problems)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		fmt.Fprintln(problems, "interrupted: everything has ended, and nothing is left behind")
	default:
		fmt.Fprintln(problems, err)
	}
	return exitFailure
}

var errUsage = errors.New("usage")

// parse reads the command line; what is wrong with it the user is told here.
func parse(arguments []string, problems io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("surge", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		fmt.Fprint(problems, examples)
		flags.PrintDefaults()
	}
	flags.Float64Var(&o.burst.Rate, "rate", 10_000, "events a second that come in")
	flags.Float64Var(&o.burst.Seconds, "seconds", 5, "how long they come")
	flags.Float64Var(&o.burst.Capacity, "capacity", 500, "jobs a second that the warehouse takes")
	flags.BoolVar(&o.fast, "fast", false, "give the webhook a retry policy of 1 second instead of SNS's default of 20")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.picture, "picture", "", "write the drawing to this `file` (default .troupe/surge.svg)")
	flags.StringVar(&o.console, "console", defaultConsole, "`URL` of a console that is to draw it live, if it runs")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(problems, "%q is no flag; -h shows examples\n", flags.Arg(0))
		return o, errUsage
	}
	for name, value := range map[string]float64{"rate": o.burst.Rate, "seconds": o.burst.Seconds, "capacity": o.burst.Capacity} {
		if !(value > 0) || value > 1e6 {
			fmt.Fprintf(problems, "-%s is %g: it must be above 0, and a million at the most\n", name, value)
			return o, errUsage
		}
	}
	if n := o.burst.Events(); n < 1 || n > mostEvents {
		fmt.Fprintf(problems, "-rate %g for -seconds %g makes %d events: there must be 1 to %d\n", o.burst.Rate, o.burst.Seconds, n, mostEvents)
		return o, errUsage
	}
	return o, nil
}

// mostEvents bounds the memory that a burst takes.
const mostEvents = 1_000_000

// surge plays it, and says what came of it.
func (o options) surge(ctx context.Context, out, progress io.Writer) error {
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	r := &surge.Run{Asked: o.burst, Burst: o.burst, Retry: defaultRetry}
	if o.fast {
		r.Retry.Seconds = 1
	}
	teller := newTeller(o.console)
	screen := newScreen(progress)
	p := &player{root: root, log: progress, run: r, watch: func(r *surge.Run) {
		screen.show(r)
		teller.tell(r)
	}}
	if err := teller.find(ctx); err == nil {
		fmt.Fprintf(progress, "live in the console: %s/surge\n", o.console)
	}
	err = p.play(ctx)
	teller.close()
	screen.close()
	if err != nil {
		return err
	}
	return errors.Join(o.conclude(r, root, out, progress), verdict(r))
}

// conclude prints the run and writes its picture.
func (o options) conclude(r *surge.Run, root string, out, progress io.Writer) error {
	file := o.picture
	if file == "" {
		file = filepath.Join(root, ".troupe", "surge.svg")
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("make a folder for the drawing: %w", err)
	}
	if err := os.WriteFile(file, []byte(drawing.Surge(r, pictureWidth, true)), 0o644); err != nil {
		return fmt.Errorf("write the drawing: %w", err)
	}
	if o.json {
		fmt.Fprintf(progress, "drawing: %s\n", file)
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	_, err := fmt.Fprintf(out, "%s\n%s\nDrawing: %s\n", picture(r, coloured(out)), conclusion(r), file)
	return err
}

// pictureWidth is the width of the drawing, in pixels.
const pictureWidth = 1000

// verdict is an error where the queue has not kept what it promises.
func verdict(r *surge.Run) error {
	if q := r.Result.Queue; q.Lost > 0 || q.Twice > 0 {
		return fmt.Errorf("the queue did not keep its promise: %d lost, %d done twice", q.Lost, q.Twice)
	}
	return nil
}
