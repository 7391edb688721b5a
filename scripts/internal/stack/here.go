package stack

import (
	"cmp"
	"context"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cli"
)

// Here loads the checkout that contains the current folder.
func Here() (*Declared, error) {
	root, err := Root(".")
	if err != nil {
		return nil, err
	}
	return Load(root)
}

// Command returns a command that works on the checkout that contains the current folder: with the options that parse
// reads. It finds mistakes in them, and shows its help, in any folder; declared is nil then.
func Command[O any](parse func(arguments []string, declared *Declared, t cli.Terminal) (O, error), do func(context.Context, O, *Declared, cli.Terminal) error) cli.Command {
	return func(ctx context.Context, arguments []string, t cli.Terminal) error {
		declared, nowhere := Here()
		o, err := parse(arguments, declared, t)
		if err != nil {
			return err
		}
		if nowhere != nil {
			return nowhere
		}
		return do(ctx, o, declared, t)
	}
}

// Example returns an event and a service for the examples in a help text, or placeholders if there are none. It
// prefers a service with a queue, and then a function.
func (d *Declared) Example() (event, service string) {
	if d == nil {
		d = &Declared{}
	}
	if len(d.Contracts) > 0 {
		event = d.Contracts[0].Type
	}
	best := -1
	for _, m := range d.Manifests {
		fit := 0
		if m.HasQueue() {
			fit += 2
		}
		if m.Runtime == manifest.Lambda {
			fit++
		}
		if fit > best {
			service, best = m.Name, fit
		}
	}
	return cmp.Or(event, "<event>"), cmp.Or(service, "<service>")
}
