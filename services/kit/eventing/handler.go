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

// Handler is what a service does about one type of event.
type Handler struct {
	Contract *events.Contract
	Name     string // the function, for people: "Desk.Authorize"
	Source   string // where it is registered: "main.go:21"

	// Handle decodes the data of an event and runs the function.
	Handle func(ctx context.Context, tx *Tx, data json.RawMessage) error
	// Parks are the errors that another delivery cannot mend.
	DeadLetters []error
}

// Registrar takes the handlers of a service: host.Runtime, and eventingtest's.
type Registrar interface {
	Register(Handler)
}

// Option changes how the failures of a handler are taken.
type Option func(*Handler)

// Park lists errors that another delivery cannot mend: a message that meets one
// goes to the dead-letter queue at once, with its reason.
func DeadLetter(targets ...error) Option {
	return func(h *Handler) { h.DeadLetters = append(h.DeadLetters, targets...) }
}

// On registers a handler. The type of event is that of the function's last
// parameter, so no string names an event in a service's code.
func On[F events.Event](r Registrar, handle func(context.Context, *Tx, F) error, options ...Option) {
	var zero F
	h := Handler{
		Contract: zero.Contract(),
		Name:     nameOf(handle),
		Handle: func(ctx context.Context, tx *Tx, data json.RawMessage) error {
			var fact F
			if err := json.Unmarshal(data, &fact); err != nil {
				return Permanent("undecodable", fmt.Errorf("decode %s: %w", zero.Contract().Type, err))
			}
			return handle(ctx, tx, fact)
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

// nameOf names a function for people: its receiver and method. Nothing depends on it:
// the key of a unit of work is the event's type, which survives a rename.
func nameOf(function any) string {
	name := path.Base(runtime.FuncForPC(reflect.ValueOf(function).Pointer()).Name())
	_, name, _ = strings.Cut(strings.TrimSuffix(name, "-fm"), ".")
	return strings.NewReplacer("(", "", ")", "", "*", "").Replace(name)
}
