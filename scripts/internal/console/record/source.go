package record

import "context"

// Source reports what happens in a troupe: first the past that it still has, then what is new.
type Source interface {
	// Read reports to the sink until the context ends, which isn't an error.
	Read(ctx context.Context, to Sink) error
}
