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

// UsualLatency is the default latency of a slow call, in milliseconds.
const UsualLatency = 500

// KindError reports that a service can't have a kind of fault.
type KindError struct {
	Service string
	Kind    faults.Kind
	Reason  string
}

func (e *KindError) Error() string {
	return fmt.Sprintf("%s can't be made to %s: %s", e.Service, e.Kind, e.Reason)
}

// Into limits a fault to one service: to its calls, its queue or its function. It sets an ID that is unique per
// service and kind.
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
			return f, &KindError{service.Name, f.Kind, "it is a worker, a process that the cloud doesn't run: kill that process"}
		}
		f.Resource = name
	default:
		f.Caller = name
	}
	return Named(service.Name, f), nil
}

// Kinds returns the kinds of faults that can be injected into a service.
func Kinds(service *manifest.Manifest) []faults.Kind {
	return slices.DeleteFunc(slices.Clone(faults.Kinds), func(k faults.Kind) bool {
		_, err := Into(topology.Names{}, service, faults.Fault{Kind: k})
		return err != nil
	})
}

// Named sets a fault's ID from its target and kind, and a default latency if the kind needs one.
func Named(who string, f faults.Fault) faults.Fault {
	if f.Kind == faults.Slow && f.LatencyMs+f.JitterMs == 0 {
		f.LatencyMs = UsualLatency
	}
	parts := []string{who, string(f.Kind), f.Service, f.Operation}
	f.Id = strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "-")
	return f
}

// Service returns the service that a fault affects, or "" for all callers.
func Service(names topology.Names, f faults.Fault) string {
	return strings.TrimPrefix(cmp.Or(f.Caller, f.Resource), names.Service(""))
}
