package host

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Embedded is a service that runs inside another program, a simulation, and not as a
// process. Its environment is given, it does not listen, it ends when it is told to, and it
// logs to slog's default. Close it.
type Embedded struct{ service *service }

// Embed sets a service up as Main does, with variables from getenv and clients of an AWS
// configuration.
func Embed(ctx context.Context, declaration []byte, getenv func(string) string, cloud aws.Config, setup func(*Runtime) error, options ...Option) (*Embedded, error) {
	rt, err := newRuntime(declaration, getenv, options...)
	if err != nil {
		return nil, err
	}
	if err := rt.setUp(setup); err != nil {
		return nil, err
	}
	s, err := rt.connect(ctx, cloud)
	if err != nil {
		return nil, err
	}
	return &Embedded{s}, nil
}

// Handler serves the service's routes.
func (e *Embedded) Handler() http.Handler { return e.service.router }

// Poll polls the service's queue until the context ends, and finishes what it has begun:
// what a worker does.
func (e *Embedded) Poll(ctx context.Context) { e.service.newWorker().run(ctx) }

// Invoke handles one invocation: what a function does.
func (e *Embedded) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return e.service.function(telemetry{}).Invoke(ctx, payload)
}

// Close closes the service's store.
func (e *Embedded) Close() error { return e.service.runner.Store.Close() }
