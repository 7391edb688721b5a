package record

import "context"

// Source reports what happens in a troupe: first what it still has of the past, then what is new.
type Source interface {
	// Read reports to the sink until the context ends, which isn't an error.
	Read(ctx context.Context, to Sink) error
}
