package eventing

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"runtime"
	"strings"

	"example.com/troupe/events"
)

// Work is what a unit of work does, from the edge, where a message or a request arrives,
// to the store, which commits it. It may run more than once; only its last run counts.
type Work func(ctx context.Context, tx *Tx) error

// Handler is what a service does about one type of event.
type Handler struct {
	Contract    *events.Contract
	Name        string  // the function, for people: "Desk.Authorize"
	Source      string  // where it is registered: "main.go:21"
	Handle      Work    // decodes the event's data and calls the function
	DeadLetters []error // see DeadLetter
}

// Registrar takes the handlers of a service: host.Runtime, or eventingtest.
type Registrar interface {
	Register(Handler)
}

// Option changes what happens when a handler fails.
type Option func(*Handler)

// DeadLetter lists permanent errors: a message whose handler returns one of them goes to
// the dead-letter queue at once, with the error as its reason.
func DeadLetter(targets ...error) Option {
	return func(h *Handler) { h.DeadLetters = append(h.DeadLetters, targets...) }
}

// On registers a handler. The type of event is that of the function's last parameter, so
// no string names an event in a service's code.
func On[E events.Event](r Registrar, handle func(context.Context, *Tx, E) error, options ...Option) {
	var zero E
	h := Handler{
		Contract: zero.Contract(),
		Name:     nameOf(handle),
		Handle: func(ctx context.Context, tx *Tx) error {
			var event E
			if err := json.Unmarshal(tx.cause.Event.Data, &event); err != nil {
				return Permanent("undecodable", fmt.Errorf("decode %s: %w", zero.Contract().Type, err))
			}
			return handle(ctx, tx, event)
		},
	}
	if _, file, line, ok := runtime.Caller(1); ok {
		h.Source = fmt.Sprintf("%s:%d", path.Base(file), line)
	}
	for _, option := range options {
		option(&h)
	}
	r.Register(h)
}

// nameOf names a function for people: its receiver and method. Nothing depends on the
// name: a unit of work is keyed by its event's type, which survives renaming the function.
func nameOf(function any) string {
	name := path.Base(runtime.FuncForPC(reflect.ValueOf(function).Pointer()).Name())
	_, name, _ = strings.Cut(strings.TrimSuffix(name, "-fm"), ".")
	return strings.NewReplacer("(", "", ")", "", "*", "").Replace(name)
}
