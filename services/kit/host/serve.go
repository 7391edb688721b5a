package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// The HTTP server's limits, against clients that are slow on purpose or by accident.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	idleTimeout       = time.Minute
	writeGrace        = 5 * time.Second // for the answer, after the handler's own time
)

// work polls the queue and serves the routes until the context ends, and finishes what
// it has begun.
func (rt *Runtime) work(ctx context.Context, consumer *consumer, _ telemetry) error {
	running, ctx := errgroup.WithContext(ctx)
	ready := []any{}
	if len(rt.routes) > 0 {
		listener, err := net.Listen("tcp", rt.env.address)
		if err != nil {
			return fmt.Errorf("listen on HTTP_ADDR: %w", err)
		}
		ready = append(ready, "http", listener.Addr().String())
		running.Go(func() error { return rt.serveHTTP(ctx, listener) })
	}
	if rt.manifest.HasQueue() {
		ready = append(ready, "queue", rt.env.queue)
		running.Go(func() error {
			rt.newWorker(consumer).run(ctx)
			return nil
		})
	}
	slog.InfoContext(ctx, "ready", ready...)
	defer slog.InfoContext(ctx, "stopped")
	return running.Wait()
}

// serveHTTP serves the routes until the context ends, and then what is on its way.
func (rt *Runtime) serveHTTP(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           rt.router(),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + rt.timeout() + writeGrace,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 1)
	forget := context.AfterFunc(ctx, func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), server.WriteTimeout)
		defer cancel()
		stopped <- server.Shutdown(ending)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		forget()
		return fmt.Errorf("serve HTTP: %w", err)
	}
	if err := <-stopped; err != nil {
		return fmt.Errorf("stop serving HTTP: %w", err)
	}
	return nil
}
