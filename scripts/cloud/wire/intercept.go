package wire

import "context"

// Interceptor runs after the permission check and before an operation. If it returns an error, the operation does not
// run and the error is returned. needs lists the permissions that the operation requires, and thus its resources.
type Interceptor func(ctx context.Context, operation string, needs []Access) error

type interceptorKey struct{}

// WithInterceptor returns a context for a request whose operation the interceptor precedes.
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
