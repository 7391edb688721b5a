package record

import "context"

// Source tells what happens in a troupe: what it still knows of the past first, then what is
// new.
type Source interface {
	// Read tells the sink until the context ends, which is no error.
	Read(ctx context.Context, to Sink) error
}
