package main

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
)

// queuesEvery is how often the console polls the local cloud's queues while a browser is connected.
const queuesEvery = 500 * time.Millisecond

// show is the console of a running troupe.
type show struct {
	address  string
	personal bool // whether it is shown
	source   atomic.Pointer[source.Local]
	console  *console.Console
}

// step shows a step. Steps before the console starts belong to no execution that a user began.
func (s *show) step(step events.Step) {
	if to := s.source.Load(); to != nil {
		to.Step(step)
	}
}

// line shows a line of a service's log, if a handler wrote it.
func (s *show) line(_ string, line []byte) {
	if to := s.source.Load(); to != nil {
		to.Line(line)
	}
}

func (s *show) start(ctx context.Context, troupe *stack.Stack) error {
	at, err := target.Local(ctx, troupe.Declared(), troupe.Endpoint)
	if err != nil {
		return err
	}
	from := source.NewLocal(troupe.Tap(), troupe.Topology())
	from.Remember(&source.CloudWatch{Client: cloudwatchlogs.NewFromConfig(at.Config), Groups: at.LogGroups, Outsiders: at.Outsiders})
	s.console, err = console.Start(console.Options{
		Addr: s.address, Env: stack.Env, Declared: troupe.Declared(), Target: at, API: troupe.API,
		Source: from, Write: true, Payloads: console.Traced(troupe.Topology()), Personal: s.personal, Queues: queuesEvery,
		Faults: inject.New(at.Config), Problems: troupe.Problems,
	})
	if _, taken := errors.AsType[*net.OpError](err); taken {
		return &stack.AddressError{Address: s.address, Flag: "console", Err: err}
	}
	if err != nil {
		return err
	}
	s.source.Store(from)
	return nil
}

// update replaces the declarations that the console shows.
func (s *show) update(ctx context.Context, troupe *stack.Stack) error {
	at, err := target.Local(ctx, troupe.Declared(), troupe.Endpoint)
	if err != nil {
		return err
	}
	s.source.Load().Wire(troupe.Topology())
	return s.console.Declare(troupe.Declared(), at)
}

func (s *show) url() string { return s.console.URL }

func (s *show) close() error {
	if s.console == nil {
		return nil
	}
	return s.console.Close()
}
