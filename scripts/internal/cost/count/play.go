package count

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"example.com/localcloud/bill"
	"example.com/localcloud/tap"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/topology"
)

// plays is how often a story is played and counted, after it was played once to find what all its executions write.
const plays = 3

// Player plays stories in a local cloud and counts what they use. Close it.
type Player struct {
	stack    *stack.Stack
	stage    *stories.Stage
	listener *tap.Listener
	reading  sync.WaitGroup
	counter  atomic.Pointer[Counter]
	marks    chan struct{}
}

// mark is a hop that the player itself tells: what was told before it has been counted when it is read.
const mark tap.Kind = "counted"

// Start builds and starts the services of a checkout. They log payloads or not, as on AWS in the environment that is asked
// about. Progress goes to log.
func Start(ctx context.Context, root string, chosen []*stories.Story, payloads bool, log io.Writer) (_ *Player, err error) {
	settings, err := settings(root, chosen, payloads)
	if err != nil {
		return nil, err
	}
	p := &Player{marks: make(chan struct{}, 1)}
	p.begin()
	var workers sync.Map
	p.stack, err = stack.Start(ctx, stack.Options{Root: root, Log: log, Environment: settings, Line: func(service string, line []byte) {
		if _, worker := workers.Load(service); worker {
			p.counter.Load().Line(service, line) // a function's come with the hops
		}
	}})
	if err != nil {
		return nil, err
	}
	for _, service := range p.stack.Declared().Manifests {
		if service.Runtime == manifest.Worker {
			workers.Store(service.Name, true)
		}
	}
	if err := stories.CheckAll(chosen, p.stack.Declared()); err != nil {
		return nil, errors.Join(err, p.stack.Close())
	}
	if p.stage, err = stories.On(ctx, p.stack); err != nil {
		return nil, errors.Join(err, p.stack.Close())
	}
	p.stage.Transport = settled{p}
	p.listen()
	return p, nil
}

// settings returns the variables of all services: those that the stories ask for, and whether payloads are logged.
func settings(root string, chosen []*stories.Story, payloads bool) (map[string]map[string]string, error) {
	declared, err := stack.Load(root)
	if err != nil {
		return nil, err
	}
	asked, err := stories.Settings(chosen)
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]string{}
	for _, service := range declared.Services() {
		all[service] = map[string]string{"TRACE_PAYLOADS": strconv.FormatBool(payloads)}
		maps.Copy(all[service], asked[service])
	}
	return all, nil
}

func (p *Player) begin() *Counter {
	c := New(topology.Names{Project: stack.Project, Env: stack.Env})
	p.counter.Store(c)
	return c
}

// room is how many hops may wait to be counted: far more than a story causes.
const room = 1 << 16

func (p *Player) listen() {
	p.listener = p.stack.Tap().Listen(room)
	p.reading.Go(func() {
		for hop := range p.listener.C {
			if hop.Kind == mark {
				p.marks <- struct{}{}
				continue
			}
			p.counter.Load().Hop(hop)
		}
	})
	p.stack.Bill().Listen(func(u bill.Use) { p.counter.Load().Use(u) })
}

// Play plays a story several times and returns what one of its executions uses.
func (p *Player) Play(ctx context.Context, story *stories.Story) (*cost.Usage, error) {
	before := p.begin()
	if _, err := p.once(ctx, story); err != nil {
		return nil, err
	}
	after, executions := p.begin(), 0
	for range plays {
		n, err := p.once(ctx, story)
		if err != nil {
			return nil, err
		}
		executions += n
	}
	if n := p.listener.Dropped(); n > 0 {
		return nil, fmt.Errorf("%d of what happened wasn't counted: the machine is too busy", n)
	}
	return after.Usage(float64(executions), before), nil
}

// once plays a story, waits until everything is handled and counted, and returns how many executions it began.
func (p *Player) once(ctx context.Context, story *stories.Story) (executions int, err error) {
	result, err := p.stage.Play(ctx, story)
	if err == nil && result.Skipped != "" {
		err = fmt.Errorf("%s can't be played: %s", story.Name, result.Skipped)
	}
	if err == nil {
		err = p.settle(ctx)
	}
	if err != nil {
		return 0, err
	}
	p.stack.Tap().Tell(tap.Hop{Kind: mark})
	select {
	case <-p.marks:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	return max(1, len(result.Executions)), nil
}

// settle waits until every message is handled, but for reminders that aren't due.
func (p *Player) settle(ctx context.Context) error {
	watch := p.stage.Target.Watch()
	watch.Steps, watch.Interval, watch.IgnoreDelayed = p.stack.Steps.Count, p.stage.Every, true
	_, err := watch.Wait(ctx)
	return err
}

// settled sends a story's requests. A story that waits for a state asks until it is there; here it asks when everything
// has been handled, so that one question is counted.
type settled struct{ *Player }

// RoundTrip sends a request.
func (s settled) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		if err := s.settle(r.Context()); err != nil {
			return nil, err
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Close stops everything.
func (p *Player) Close() error {
	p.stack.Bill().Listen(nil)
	err := p.stack.Close()
	p.listener.Close()
	p.reading.Wait()
	return err
}

// Declared returns what the checkout declares.
func (p *Player) Declared() *stack.Declared { return p.stack.Declared() }
