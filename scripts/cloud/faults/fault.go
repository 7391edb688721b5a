package faults

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// Kind is what happens.
type Kind string

// The kinds of faults.
const (
	Fail      Kind = "fail"
	Throttle  Kind = "throttle"
	Slow      Kind = "slow"
	Lose      Kind = "lose"
	Duplicate Kind = "duplicate"
	Crash     Kind = "crash"
)

// Kinds are all kinds, in the order in which they are explained.
var Kinds = []Kind{Fail, Throttle, Slow, Lose, Duplicate, Crash}

// ofCalls tells the kinds that strike calls.
func (k Kind) ofCalls() bool { return k != Duplicate && k != Crash }

// Fault is something that goes wrong. Empty members stand for any, but for those that say otherwise.
type Fault struct {
	Id        string // chosen by whoever puts it, or else by the service
	Kind      Kind
	Service   string   `json:",omitempty"` // of AWS, as requests are signed for it: "sqs"
	Operation string   `json:",omitempty"` // "SendMessage"
	Caller    string   `json:",omitempty"` // name of the role that calls
	Resource  string   `json:",omitempty"` // name or ARN of the queue, table, function, … that the call is about
	Rate      *float64 `json:",omitempty"` // share of what it strikes, 0 to 1; nil is all
	Count     int      `json:",omitempty"` // strikes after which it is over; 0: none
	LatencyMs int      `json:",omitempty"` // slow: how long; crash: how long after the invocation began
	JitterMs  int      `json:",omitempty"` // slow: up to so much more, by chance
	Code      string   `json:",omitempty"` // fail: of the error; "" is InternalFailure
	Status    int      `json:",omitempty"` // fail: of HTTP, 400 to 599; 0 is 500
	Seed      uint64   `json:",omitempty"` // of its chance; 0 is another each time
}

// maxLatency bounds how long a call is held up, in milliseconds: longer than any client waits.
const maxLatency = 10 * 60 * 1000

// check refuses a fault that could not be meant.
func (f *Fault) check() error {
	switch {
	case !slices.Contains(Kinds, f.Kind):
		return invalid("Kind must be one of %v, not %.40q", Kinds, f.Kind)
	case f.Rate != nil && !(*f.Rate >= 0 && *f.Rate <= 1): // not a number is neither
		return invalid("Rate must be from 0 to 1")
	case f.Count < 0:
		return invalid("Count must be 0 or more")
	case f.LatencyMs < 0 || f.LatencyMs > maxLatency || f.JitterMs < 0 || f.JitterMs > maxLatency:
		return invalid("LatencyMs and JitterMs must be from 0 to %d", maxLatency)
	case f.Status != 0 && (f.Status < http.StatusBadRequest || f.Status > 599):
		return invalid("Status must be from 400 to 599")
	case !f.Kind.ofCalls() && (f.Resource == "" || f.Service+f.Operation+f.Caller != ""):
		return invalid("a fault of kind %s needs a Resource, and takes no Service, Operation or Caller", f.Kind)
	}
	return f.checkKind()
}

// checkKind refuses members that another kind has.
func (f *Fault) checkKind() error {
	switch {
	case f.Kind == Slow && f.LatencyMs+f.JitterMs == 0:
		return invalid("a fault of kind slow needs LatencyMs or JitterMs")
	case f.Kind != Slow && f.JitterMs != 0, f.Kind != Slow && f.Kind != Crash && f.LatencyMs != 0:
		return invalid("a fault of kind %s takes no latency", f.Kind)
	case f.Kind != Fail && (f.Code != "" || f.Status != 0):
		return invalid("a fault of kind %s takes no Code and no Status", f.Kind)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return wire.Errorf("ValidationException", format, args...)
}

// active is a fault that was put.
type active struct {
	Fault
	dice    *rand.Rand
	strikes int
}

func newActive(f Fault) *active {
	seed := f.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	return &active{Fault: f, dice: rand.New(rand.NewPCG(seed, seed))}
}

func (a *active) over() bool { return a.Count > 0 && a.strikes >= a.Count }

// occasion is something that a fault may strike.
type occasion struct {
	kinds                      []Kind
	service, operation, caller string
	resources                  []string // names and ARNs
}

// strike tells whether the fault strikes, counts it and rolls its jitter, which is then in the latency.
func (a *active) strike(at occasion) (struck Fault, strikes bool) {
	fits := !a.over() && slices.Contains(at.kinds, a.Kind) &&
		(a.Service == "" || a.Service == at.service) &&
		(a.Operation == "" || a.Operation == at.operation) &&
		(a.Caller == "" || a.Caller == at.caller) &&
		(a.Resource == "" || slices.ContainsFunc(at.resources, a.means))
	if !fits || a.Rate != nil && a.dice.Float64() >= *a.Rate {
		return Fault{}, false
	}
	a.strikes++
	struck = a.Fault
	if a.JitterMs > 0 {
		struck.LatencyMs += a.dice.IntN(a.JitterMs + 1)
	}
	return struck, true
}

// means tells whether the fault's resource is that of an ARN: "jobs" is arn:aws:sqs:…:jobs and arn:aws:dynamodb:…:table/jobs.
func (a *active) means(arn string) bool {
	rest, found := strings.CutSuffix(arn, a.Resource)
	return found && (rest == "" || strings.HasSuffix(rest, ":") || strings.HasSuffix(rest, "/"))
}
