package wire

import "context"

type ranKey struct{}

// WithRan returns a context for a request that writes the name of its operation to name, once it is known.
func WithRan(ctx context.Context, name *string) context.Context {
	return context.WithValue(ctx, ranKey{}, name)
}

func ran(ctx context.Context, name string) {
	if to, ok := ctx.Value(ranKey{}).(*string); ok {
		*to = name
	}
}
