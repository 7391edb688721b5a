package wire

import "context"

// Interceptor stands between the permission to run an operation and the operation: its error is answered instead. It is
// told what the operation needs, which names the resources that it is about.
type Interceptor func(ctx context.Context, operation string, needs []Access) error

type interceptorKey struct{}

// WithInterceptor returns a context of a request whose operation the interceptor stands before.
func WithInterceptor(ctx context.Context, i Interceptor) context.Context {
	return context.WithValue(ctx, interceptorKey{}, i)
}

func intercept[In any](ctx context.Context, name string, access func(*In) []Access, in *In) error {
	i, ok := ctx.Value(interceptorKey{}).(Interceptor)
	if !ok {
		return nil
	}
	var needs []Access
	if access != nil {
		needs = access(in)
	}
	return i(ctx, name, needs)
}
