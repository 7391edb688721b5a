package count

import (
	"context"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/logs"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/trace"
)

// longest is the longest that reading one log group, or all metrics, may take.
const longest = time.Minute

// Measured is what an environment says about one service: means, 0 where it says nothing.
type Measured struct {
	InvocationMS float64 // billed for an invocation of its function, in milliseconds
	StepMS       float64 // of a step with its calls of AWS, in milliseconds
	CPUMS        float64 // CPU time of its tasks for each message, in milliseconds
	Reads        float64 // read units of its table and indexes, for each invocation or worker's message
	Writes       float64 // write units
}

// Logged returns, by service, what the log groups of an environment say since a time: the REPORT lines of functions and the
// steps of all services. A service that has logged neither is left out.
func Logged(ctx context.Context, client *cloudwatchlogs.Client, services []*manifest.Manifest, names topology.Names, groups []string, since time.Time) (map[string]Measured, error) {
	known := map[string]Measured{}
	for _, service := range services {
		for _, group := range groups {
			if name := path.Base(group); name != service.Name && name != names.Service(service.Name) {
				continue // a function's ends with the function's name, a worker's with the service's
			}
			m, err := logged(ctx, client, group, since)
			if err != nil {
				return nil, err
			}
			if m != (Measured{}) {
				known[service.Name] = m
			}
		}
	}
	return known, nil
}

func logged(ctx context.Context, client *cloudwatchlogs.Client, group string, since time.Time) (m Measured, err error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	var invocations, steps float64
	reader := logs.Reader{Client: client, Groups: []string{group}, Since: since, Pattern: "?REPORT ?" + events.StepMessage, Line: func(_ time.Time, line []byte) {
		if found := report.FindSubmatch(line); found != nil {
			ms, _ := strconv.ParseFloat(string(found[2]), 64) // it is a number, as the expression says
			m.InvocationMS, invocations = m.InvocationMS+ms, invocations+1
		}
		if step, ok := trace.Parse(line); ok {
			m.StepMS, steps = m.StepMS+step.DurationMS, steps+1
		}
	}}
	if err := reader.Poll(ctx); err != nil {
		return Measured{}, err
	}
	m.InvocationMS /= max(1, invocations)
	m.StepMS /= max(1, steps)
	return m, nil
}

// Replace puts what an environment says, by service, in place of what was measured locally. It returns the services of
// which there is nothing.
func Replace(flows []cost.Flow, measured map[string]Measured) (missing []string) {
	for _, flow := range flows {
		for name, used := range flow.Usage.Services {
			if m := measured[name]; m.StepMS > 0 && (m.InvocationMS > 0 || !used.Function) {
				m.replace(used)
			} else if name != cost.Shared && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		}
	}
	return missing
}

func (m Measured) replace(used *cost.Used) {
	handled := used.Messages
	used.CPUMS = used.StepMS // the network isn't in it
	if used.Function {
		handled = used.Invocations
		used.InvocationMS = m.InvocationMS * used.Invocations
	}
	if m.CPUMS > 0 {
		used.CPUMS = m.CPUMS * used.Messages
	}
	used.StepMS, used.Measured = m.StepMS*used.Messages, true
	for unit, each := range map[string]float64{"dynamodb-read": m.Reads, "dynamodb-write": m.Writes} {
		if each > 0 {
			used.Units[unit] = each * handled
		}
	}
}
