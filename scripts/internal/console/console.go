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
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/topology"
)

// Options configure a console.
type Options struct {
	Addr     string // host:port on this machine; port 0 chooses a free port
	Env      string // "local", "dev"
	Declared *stack.Declared
	Target   *target.Target
	API      string // URL of the HTTP API; "" if unknown
	Source   record.Source
	Write    bool                     // allows to publish, send requests, redrive and inject faults
	Payloads bool                     // show the bodies of dead letters. Steps contain payloads or not: see TRACE_PAYLOADS
	Personal bool                     // show personal data, too, in dead letters and documents. Steps contain it or not: see TRACE_PERSONAL
	Queues   time.Duration            // how often queues and faults are polled while a browser is connected
	Faults   *inject.Client           // of the local cloud; nil elsewhere
	Problems func() map[string]string // why services don't run, by service; nil if unknown
	Limits   record.Limits            // the zero value means record.DefaultLimits
}

// Traced reports whether all services trace payloads, according to their environment.
func Traced(wired *topology.Topology) bool {
	return !slices.ContainsFunc(wired.Services, func(s topology.Service) bool { return s.Environment["TRACE_PAYLOADS"] != "true" })
}

// Console is a running console. The caller must close it.
type Console struct {
	URL string

	options Options
	scene   atomic.Pointer[scene]
	store   *record.Store
	surge   atomic.Pointer[surge.Run]   // the latest from make surge
	cost    atomic.Pointer[cost.Report] // the latest from make cost
	hub     *hub
	asked   atomic.Int64 // how often pages asked for what is polled
	server  *http.Server
	cancel  context.CancelFunc
	working sync.WaitGroup
	replay  atomic.Pointer[replaying]
	failed  error // of the source; set before the goroutines end
}

// Start starts reading the source and serving the page.
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
		BaseContext: func(net.Listener) context.Context { return ctx }, // cancelling it ends the streams
	}
	c.working.Go(func() { _ = c.server.Serve(listener) }) // returns after Close
	c.working.Go(func() { c.hub.run(ctx, c.frame) })
	c.working.Go(func() { watch(ctx, c, c.lookAtQueues, c.hub.depths) })
	if o.Faults != nil {
		c.working.Go(func() { watch(ctx, c, c.lookAtFaults, c.hub.failing) })
	}
	if o.Problems != nil {
		c.working.Go(func() { watch(ctx, c, c.lookAtProblems, c.hub.broken) })
	}
	c.working.Go(func() { c.read(ctx) })
	return c, nil
}

// Declare replaces the declarations after services or events have changed.
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

// Close stops the console and waits until it has stopped.
func (c *Console) Close() error {
	c.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := c.server.Shutdown(ctx)
	c.working.Wait()
	return errors.Join(err, c.failed)
}

// read passes on the source's reports to the store.
func (c *Console) read(ctx context.Context) {
	if err := c.options.Source.Read(ctx, c.store); err != nil {
		c.store.Trouble(err)
		c.failed = fmt.Errorf("read the source: %w", err)
	}
}
