package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/stack"
)

const demoExamples = `  go run ./scripts/local demo                                  # in a local cloud of its own
  go run ./scripts/local demo -json | jq .orders[].state       # for machines
  go run ./scripts/local demo -endpoint http://127.0.0.1:4566  # services as workers of any AWS-compatible endpoint
`

// demoDeadline is the orders' deadline in the demo: long enough for the dance on a busy machine, and
// short enough to wait for the reminders, which are messages like all others.
const demoDeadline = "4s"

// report is all that the demo found out.
type report struct {
	Endpoint string        `json:"endpoint"`
	OK       bool          `json:"ok"`
	Orders   []*demoOrder  `json:"orders"`
	Queues   settle.Report `json:"queues"`
	Phases   []stack.Phase `json:"phases"`
}

func demo(ctx context.Context, flags *cli.Flags, arguments []string, out io.Writer) error {
	asJSON := flags.Bool("json", false, "print JSON")
	endpoint := flags.String("endpoint", "", "use this AWS-compatible `URL` instead of a local cloud of its own")
	timeout := flags.Duration("timeout", time.Minute, "give up when the orders have not ended after this long")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	r, err := play(ctx, *timeout, stack.Options{
		Root: root, Endpoint: *endpoint, Log: flags.Output(),
		Environment: map[string]map[string]string{"orders": {"DEADLINE": demoDeadline}},
	})
	if err != nil {
		return err
	}
	if *asJSON {
		err = r.writeJSON(out)
	} else {
		err = r.print(out)
	}
	if err == nil && !r.OK {
		return &cli.ExitError{Code: cli.ExitFailure} // the report has said why
	}
	return err
}

// play runs the troupe for three orders, and ends it.
func play(ctx context.Context, timeout time.Duration, options stack.Options) (r *report, err error) {
	s, err := stack.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r = &report{Endpoint: s.Endpoint, Orders: demoOrders(), Phases: s.Phases}
	began := time.Now()
	group, groupCtx := errgroup.WithContext(ctx)
	for _, order := range r.Orders {
		group.Go(func() error { return order.follow(groupCtx, s.API) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	r.Phases = append(r.Phases, stack.Phase{Name: "orders", Duration: time.Since(began)})
	began = time.Now()
	r.Queues, err = s.Watch().Wait(ctx)
	if _, unsettled := errors.AsType[*settle.UnsettledError](err); err != nil && !unsettled {
		return nil, err
	}
	r.Phases = append(r.Phases, stack.Phase{Name: "settle", Duration: time.Since(began)})
	return r, r.conclude(context.WithoutCancel(ctx), s)
}

// conclude looks once more, now that everything is handled, and decides whether all is well.
func (r *report) conclude(ctx context.Context, s *stack.Stack) error {
	r.OK = true
	for _, order := range r.Orders {
		if err := order.look(ctx, s.API); err != nil {
			return fmt.Errorf("look at order %s: %w", order.ID, err)
		}
		order.trace(s.Steps)
		r.OK = r.OK && order.OK
	}
	for _, depth := range append(r.Queues.Queues, r.Queues.DeadLetters...) {
		r.OK = r.OK && depth.Empty()
	}
	return nil
}
