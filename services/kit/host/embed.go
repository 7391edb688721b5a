package host

import (
	"context"
	"net/http"

	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/aws"
)

// Embedded is a service that runs inside of another program instead of as a process: in the
// simulation. It does what Main does, but for the process: its environment is given, it does not
// listen, it ends when it is told to, and its log is slog's default. Close it.
type Embedded struct {
	rt       *Runtime
	consumer *consumer
	store    inbox.Driver
}

// Embed sets a service up as Main does, with variables from getenv and clients of an AWS
// configuration. A *ConfigError says what does not agree.
func Embed(ctx context.Context, declaration []byte, getenv func(string) string, cloud aws.Config, setup func(*Runtime), options ...Option) (*Embedded, error) {
	rt, err := newRuntime(declaration, getenv, options...)
	if err != nil {
		return nil, err
	}
	if err := rt.setUp(setup); err != nil {
		return nil, err
	}
	consumer, store, err := rt.open(ctx, cloud)
	if err != nil {
		return nil, err
	}
	return &Embedded{rt: rt, consumer: consumer, store: store}, nil
}

// Handler serves the service's routes.
func (e *Embedded) Handler() http.Handler { return e.rt.router() }

// Poll works the service's queue until the context ends, and finishes what it has begun: what a
// worker does.
func (e *Embedded) Poll(ctx context.Context) { e.rt.newWorker(e.consumer).run(ctx) }

// Invoke handles one invocation: what a function does.
func (e *Embedded) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return e.rt.function(e.consumer, telemetry{}).Invoke(ctx, payload)
}

// Close lets go of the service's store.
func (e *Embedded) Close() error { return e.store.Close() }
