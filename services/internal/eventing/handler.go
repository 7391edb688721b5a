package eventing

import (
	"context"
	"encoding/json"
	"errors"
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
	Source   string // where it is written: "desk.go:31"

	// Handle decodes the data of a fact and runs the function.
	Handle func(ctx context.Context, tx *Tx, data json.RawMessage) error
	// Parks tells whether an error is not worth another delivery.
	Parks func(error) bool
}

// Registrar takes the handlers of a service: host.Runtime, and eventingtest's.
type Registrar interface {
	Register(Handler)
}

// Option changes how the failures of a handler are taken.
type Option func(*Handler)

// Park lists errors that another delivery cannot mend: a message that meets one
// goes to the dead-letter queue at once, with its reason.
func Park(targets ...error) Option {
	return func(h *Handler) {
		h.Parks = func(err error) bool {
			for _, target := range targets {
				if errors.Is(err, target) {
					return true
				}
			}
			return false
		}
	}
}

// On registers a handler. The type of event is that of the function's last
// parameter, so no string names an event in a service's code.
func On[F events.Fact](r Registrar, handle func(context.Context, *Tx, F) error, options ...Option) {
	var zero F
	h := Handler{
		Contract: zero.Contract(),
		Parks:    func(error) bool { return false },
		Handle: func(ctx context.Context, tx *Tx, data json.RawMessage) error {
			var fact F
			if err := json.Unmarshal(data, &fact); err != nil {
				return Permanent("undecodable", fmt.Errorf("decode %s: %w", zero.Contract().Type, err))
			}
			return handle(ctx, tx, fact)
		},
	}
	h.Name, h.Source = describe(handle)
	for _, option := range options {
		option(&h)
	}
	r.Register(h)
}

// describe names a function for people: its receiver and method, and its place.
// Nothing depends on it: the key of a unit of work is the event's type, which
// survives a rename.
func describe(function any) (name, source string) {
	f := runtime.FuncForPC(reflect.ValueOf(function).Pointer())
	name = strings.TrimSuffix(path.Base(f.Name()), "-fm")
	_, name, _ = strings.Cut(name, ".")
	name = strings.NewReplacer("(", "", ")", "", "*", "").Replace(name)
	file, line := f.FileLine(f.Entry())
	return name, fmt.Sprintf("%s:%d", path.Base(file), line)
}
