package wire

import "context"

type hostKey struct{}

// WithHost returns a context of a request that was sent to the host, as
// "127.0.0.1:4566".
func WithHost(ctx context.Context, host string) context.Context {
	return context.WithValue(ctx, hostKey{}, host)
}

// HostOf returns the host that a request was sent to, so that a URL in its answer
// leads back here. A method called by the cloud itself has none.
func HostOf(ctx context.Context) string {
	host, _ := ctx.Value(hostKey{}).(string)
	return host
}
