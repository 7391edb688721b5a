package wire

import "context"

type hostKey struct{}

// WithHost returns a context for a request that was sent to the host, such as "127.0.0.1:4566".
func WithHost(ctx context.Context, host string) context.Context {
	return context.WithValue(ctx, hostKey{}, host)
}

// HostOf returns the host that a request was sent to, for URLs in its response. It returns "" for a method that the
// cloud itself calls.
func HostOf(ctx context.Context) string {
	host, _ := ctx.Value(hostKey{}).(string)
	return host
}
