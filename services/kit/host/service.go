package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"example.com/troupe/services/kit/unit"
	"example.com/troupe/services/kit/web"
	"github.com/aws/aws-lambda-go/lambda"
	"golang.org/x/sync/errgroup"
)

// service is a service that is set up and connected to its surroundings.
type service struct {
	*Runtime
	runner   *unit.Runner
	router   http.Handler
	consumer *consumer
}

// newService puts the parts together that do the work.
func newService(rt *Runtime, runner *unit.Runner, queues sqsAPI) *service {
	s := &service{Runtime: rt, runner: runner, router: web.NewRouter(runner, rt.routes)}
	s.consumer = &consumer{
		runner: runner, handlers: rt.handlers, settling: s.settling(),
		queue: queue{api: queues, url: rt.env.queue, deadLetters: rt.env.deadLetters, contracts: rt.contracts()},
	}
	return s
}

func (s *service) timeout() time.Duration {
	return time.Duration(s.manifest.TimeoutSeconds) * time.Second
}

// settling returns how long the back-off or the dead-lettering of messages may take.
func (s *service) settling() time.Duration { return min(settleTime, s.timeout()*2/9) }

// flushing returns how long sending the spans of an invocation may take. With settling it is a
// third of the invocation's time at most.
func (s *service) flushing() time.Duration { return min(flushTime, s.timeout()/9) }

// run connects the service to its surroundings, serves, and disconnects.
func (rt *Runtime) run(ctx context.Context) (err error) {
	telemetry := rt.startTelemetry(ctx)
	defer telemetry.close(ctx)
	cloud, err := rt.loadAWS()
	if err != nil {
		return err
	}
	s, err := rt.connect(ctx, cloud)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.runner.Store.Close()) }()
	if rt.env.runtimeAPI != "" {
		lambda.Start(s.function(telemetry))
		return nil
	}
	return s.work(ctx)
}

// work polls the queue and serves HTTP until the context ends, and then finishes what has
// begun.
func (s *service) work(ctx context.Context) error {
	running, ctx := errgroup.WithContext(ctx)
	worker, handler, direct := s.newWorker(), s.router, s.env.direct != ""
	if direct {
		handler = worker.direct(handler)
	}
	var ready []any
	if direct || len(s.routes) > 0 {
		listener, err := net.Listen("tcp", cmp.Or(s.env.direct, s.env.address))
		if err != nil {
			return fmt.Errorf("serve HTTP_ADDR or DIRECT_HTTP_ADDR: %w", err)
		}
		ready = append(ready, "http", listener.Addr().String())
		running.Go(func() error { return web.Serve(ctx, listener, handler, s.timeout()) })
	}
	if !direct && s.manifest.HasQueue() {
		ready = append(ready, "queue", s.env.queue)
		running.Go(func() error { worker.run(ctx); return nil })
	}
	slog.InfoContext(ctx, "ready", ready...)
	defer slog.InfoContext(ctx, "stopped")
	return running.Wait()
}
