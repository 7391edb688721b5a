package console

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"example.com/localcloud/wire"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/topology"
)

// Options are what a console shows, and where.
type Options struct {
	Addr     string // host:port of this machine; port 0 takes a free one
	Env      string // "local", "dev"
	Declared *stack.Declared
	Target   *target.Target
	API      string // URL of the HTTP API; "" where it is not known
	Source   record.Source
	Write    bool           // whether one may publish, send requests, redrive and inject faults
	Payloads bool           // whether the bodies of dead letters may be shown; steps have theirs or not: see TRACE_PAYLOADS
	Queues   time.Duration  // how often queues and faults are looked at while somebody watches
	Faults   *inject.Client // of the local cloud; nil where there is none
	Limits   record.Limits  // the zero value stands for record.DefaultLimits
}

// Traced reports whether all services trace payloads, by the environment that they start with.
func Traced(wired *topology.Topology) bool {
	return !slices.ContainsFunc(wired.Services, func(s topology.Service) bool { return s.Environment["TRACE_PAYLOADS"] != "true" })
}

// Console is a console that serves. Close it.
type Console struct {
	URL string

	options Options
	scene   atomic.Pointer[scene]
	store   *record.Store
	surge   atomic.Pointer[surge.Run] // the newest that make surge has told of
	hub     *hub
	server  *http.Server
	cancel  context.CancelFunc
	working sync.WaitGroup
	replay  atomic.Pointer[replaying]
	failed  error // of the source; settled when nothing works any more
}

// Start begins to read and to serve.
func Start(o Options) (*Console, error) {
	if o.Limits == (record.Limits{}) {
		o.Limits = record.DefaultLimits
	}
	c := &Console{options: o}
	shown, err := newScene(o.Declared, o.Target)
	if err != nil {
		return nil, err
	}
	c.scene.Store(shown)
	listener, err := wire.Listen(o.Addr)
	if err != nil {
		return nil, err
	}
	c.URL = "http://" + listener.Addr().String()
	c.hub = newHub()
	c.store = record.NewStore(o.Limits, shown.audience, c.hub.take)
	handler, err := c.handler(listener.Addr())
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	var ctx context.Context
	ctx, c.cancel = context.WithCancel(context.Background())
	c.server = &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx }, // streams end with it
	}
	c.working.Go(func() { _ = c.server.Serve(listener) }) // it ends with Close
	c.working.Go(func() { c.hub.run(ctx, c.frame) })
	c.working.Go(func() { watch(ctx, c, c.lookAtQueues, c.hub.depths) })
	if o.Faults != nil {
		c.working.Go(func() { watch(ctx, c, c.lookAtFaults, c.hub.failing) })
	}
	c.working.Go(func() { c.read(ctx) })
	return c, nil
}

// Declare shows other declarations from now on: services and events that have changed.
func (c *Console) Declare(declared *stack.Declared, at *target.Target) error {
	shown, err := newScene(declared, at)
	if err != nil {
		return err
	}
	c.scene.Store(shown)
	c.store.Listen(shown.audience)
	c.hub.declare()
	return nil
}

// Close ends everything and waits for it.
func (c *Console) Close() error {
	c.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := c.server.Shutdown(ctx)
	c.working.Wait()
	return errors.Join(err, c.failed)
}

// read passes on what the source reports to the store.
func (c *Console) read(ctx context.Context) {
	if err := c.options.Source.Read(ctx, c.store); err != nil {
		c.store.Trouble(err)
		c.failed = fmt.Errorf("read what happens: %w", err)
	}
}
