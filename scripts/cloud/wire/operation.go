package wire

import "context"

// Operation is a row of a service's table.
type Operation struct {
	Name string
	// Run decodes the input, checks the caller's permissions and calls the method.
	Run func(ctx context.Context, decode func(in any) error) (out any, err error)
}

// Op returns the row for a method. access returns the permissions that a caller needs. If it is nil, only the
// account's root user may call the operation (whoever uses credentials that the local cloud did not issue).
func Op[In, Out any](name string, method func(context.Context, *In) (*Out, error), access func(*In) []Access) Operation {
	return Operation{Name: name, Run: func(ctx context.Context, decode func(any) error) (any, error) {
		ran(ctx, name)
		in := new(In)
		if err := decode(in); err != nil {
			return nil, err
		}
		if err := authorize(ctx, name, access, in); err != nil {
			return nil, err
		}
		if err := intercept(ctx, name, access, in); err != nil {
			return nil, err
		}
		return method(ctx, in)
	}}
}

func authorize[In any](ctx context.Context, name string, access func(*In) []Access, in *In) error {
	caller := CallerOf(ctx)
	if caller.Root() {
		return nil
	}
	if access == nil {
		return denied(caller, Access{Action: name, Resource: "*"})
	}
	for _, a := range access(in) {
		if !caller.Allowed(a) {
			return denied(caller, a)
		}
	}
	return nil
}

func denied(caller Caller, a Access) *Error {
	e := Errorf("AccessDeniedException",
		"User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action",
		caller.ARN(), a.Action, a.Resource, a.Action)
	e.QueryCode = "AccessDenied"
	return e
}
