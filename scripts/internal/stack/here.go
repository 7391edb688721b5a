package stack

import (
	"cmp"

	"example.com/troupe/events/manifest"
)

// Here loads the checkout that contains the current folder.
func Here() (*Declared, error) {
	root, err := Root(".")
	if err != nil {
		return nil, err
	}
	return Load(root)
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
