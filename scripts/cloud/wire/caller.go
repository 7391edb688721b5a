package wire

import "context"

// Access is an action on a resource that a caller needs permission for.
type Access struct {
	Action   string              // "sqs:SendMessage"
	Resource string              // ARN
	Context  map[string][]string // condition keys: "events:source" → {"lamps"}
}

// Caller identifies the sender of a request.
type Caller interface {
	ARN() string
	Root() bool // the account's root user, who may do everything
	Allowed(Access) bool
}

type callerKey struct{}

// WithCaller returns a context for a request from the caller.
func WithCaller(ctx context.Context, caller Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

// CallerOf returns the caller of a request. Without one, as for a method that the cloud itself calls, it returns the
// account's root user.
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
