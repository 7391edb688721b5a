package wire

import "context"

// Access is what a caller needs a permission for.
type Access struct {
	Action   string              // "sqs:SendMessage"
	Resource string              // ARN
	Context  map[string][]string // condition keys: "events:source" → {"payments"}
}

// Caller is who sent a request.
type Caller interface {
	ARN() string
	Root() bool // the account itself: everything is allowed
	Allowed(Access) bool
}

type callerKey struct{}

// WithCaller returns a context of a request from the caller.
func WithCaller(ctx context.Context, caller Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

// CallerOf returns the caller; without one it is the account's root, as for a method called by the
// cloud itself.
func CallerOf(ctx context.Context) Caller {
	if caller, ok := ctx.Value(callerKey{}).(Caller); ok {
		return caller
	}
	return root{}
}

type root struct{}

func (root) ARN() string         { return "arn:aws:iam::" + Account + ":root" }
func (root) Root() bool          { return true }
func (root) Allowed(Access) bool { return true }
