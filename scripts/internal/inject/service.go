package inject

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"example.com/localcloud/faults"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/topology"
)

// UsualLatency is how slow a call becomes where nothing else is said, in milliseconds.
const UsualLatency = 500

// KindError says that a service cannot have a fault of a kind.
type KindError struct {
	Service string
	Kind    faults.Kind
	Reason  string
}

func (e *KindError) Error() string {
	return fmt.Sprintf("%s can't be made to %s: %s", e.Service, e.Kind, e.Reason)
}

// Into makes a fault one of a service: of its calls, of its queue or of its function. It is given an id by which it is
// found again, so that there is one of a kind.
func Into(names topology.Names, service *manifest.Manifest, f faults.Fault) (faults.Fault, error) {
	name := names.Service(service.Name)
	switch f.Kind {
	case faults.Duplicate:
		if !service.HasQueue() {
			return f, &KindError{service.Name, f.Kind, "it subscribes to nothing, so it has no queue"}
		}
		f.Resource = name
	case faults.Crash:
		if service.Runtime != manifest.Lambda {
			return f, &KindError{service.Name, f.Kind, "it is a worker, a process that the cloud does not run: kill that"}
		}
		f.Resource = name
	default:
		f.Caller = name
	}
	return Named(service.Name, f), nil
}

// Kinds returns the kinds of faults that a service can have.
func Kinds(service *manifest.Manifest) []faults.Kind {
	return slices.DeleteFunc(slices.Clone(faults.Kinds), func(k faults.Kind) bool {
		_, err := Into(topology.Names{}, service, faults.Fault{Kind: k})
		return err != nil
	})
}

// Named gives a fault the id that it has by what it strikes, and a latency where it needs one.
func Named(who string, f faults.Fault) faults.Fault {
	if f.Kind == faults.Slow && f.LatencyMs+f.JitterMs == 0 {
		f.LatencyMs = UsualLatency
	}
	parts := []string{who, string(f.Kind), f.Service, f.Operation}
	f.Id = strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "-")
	return f
}

// Service returns the service of the troupe that a fault strikes; "" stands for all that call.
func Service(names topology.Names, f faults.Fault) string {
	return strings.TrimPrefix(cmp.Or(f.Caller, f.Resource), names.Service(""))
}
