package stack

import (
	"cmp"

	"example.com/troupe/events/manifest"
)

// Here reads what the checkout that the current folder is in declares.
func Here() (*Declared, error) {
	root, err := Root(".")
	if err != nil {
		return nil, err
	}
	return Load(root)
}

// Example returns an event and a service for the examples of a help text: those of the checkout, or placeholders where
// there is none. The service has a queue, and is a function, if any is.
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
