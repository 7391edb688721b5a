package inject

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"example.com/localcloud/faults"
	"example.com/troupe/scripts/internal/topology"
)

// Describe describes a fault in one line: "10 % of the calls of lighthouse are throttled".
func Describe(names topology.Names, f faults.Listed) string {
	share := "all "
	if f.Rate != nil && *f.Rate < 1 {
		share = strconv.FormatFloat(*f.Rate*100, 'g', 3, 64) + " % of "
	}
	who := Service(names, f.Fault)
	text := share
	switch f.Kind {
	case faults.Duplicate:
		text += "the messages for " + who + " arrive twice"
	case faults.Crash:
		text += fmt.Sprintf("the invocations of %s are killed after %d ms", who, f.LatencyMs)
	default:
		text += fmt.Sprintf("the calls of %s%s %s", cmp.Or(who, "all services"), about(f.Fault), outcome(f.Fault))
	}
	switch {
	case f.Over:
		text += ": over"
	case f.Count == 1:
		text += ", once"
	case f.Count > 1:
		text += fmt.Sprintf(", %d times", f.Count)
	}
	return text
}

// about describes which calls a fault affects.
func about(f faults.Fault) string {
	if f.Service == "" {
		return ""
	}
	return " to " + strings.TrimSuffix(f.Service+"."+f.Operation, ".")
}

func outcome(f faults.Fault) string {
	switch f.Kind {
	case faults.Throttle:
		return "are throttled"
	case faults.Lose:
		return "take effect, but their response is lost"
	case faults.Slow:
		if f.JitterMs == 0 {
			return fmt.Sprintf("take %d ms longer", f.LatencyMs)
		}
		return fmt.Sprintf("take %d to %d ms longer", f.LatencyMs, f.LatencyMs+f.JitterMs)
	}
	return "fail with " + cmp.Or(f.Code, "InternalFailure")
}
