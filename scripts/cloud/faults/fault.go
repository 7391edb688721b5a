package faults

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// Kind is the effect of a fault.
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

// Kinds lists all kinds, in the order of the documentation.
var Kinds = []Kind{Fail, Throttle, Slow, Lose, Duplicate, Crash}

// ofCalls reports whether faults of this kind affect calls.
func (k Kind) ofCalls() bool { return k != Duplicate && k != Crash }

// Fault describes a fault. An empty member matches everything, unless its comment says otherwise.
type Fault struct {
	Id        string // chosen by the caller, otherwise by the service
	Kind      Kind
	Service   string   `json:",omitempty"` // of AWS, by the name in its signatures: "sqs"
	Operation string   `json:",omitempty"` // "SendMessage"
	Caller    string   `json:",omitempty"` // name of the caller's role
	Resource  string   `json:",omitempty"` // name or ARN of the call's queue, table, function, …
	Rate      *float64 `json:",omitempty"` // share of the matching calls that it strikes, 0 to 1; nil means all
	Count     int      `json:",omitempty"` // maximum number of strikes; 0 means no limit
	LatencyMs int      `json:",omitempty"` // slow: the delay; crash: the time after the invocation began
	JitterMs  int      `json:",omitempty"` // slow: maximum additional random delay
	Code      string   `json:",omitempty"` // fail: error code; "" means InternalFailure
	Status    int      `json:",omitempty"` // fail: HTTP status, 400 to 599; 0 means 500
	Seed      uint64   `json:",omitempty"` // of the random decisions; 0 means a random seed
}

// maxLatency is the maximum delay, in milliseconds. It is longer than any client waits.
const maxLatency = 10 * 60 * 1000

// check rejects an invalid fault.
func (f *Fault) check() error {
	switch {
	case !slices.Contains(Kinds, f.Kind):
		return invalid("Kind must be one of %v, not %.40q", Kinds, f.Kind)
	case f.Rate != nil && !(*f.Rate >= 0 && *f.Rate <= 1): // also rejects NaN
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

// checkKind rejects members that belong to another kind.
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

// active is a fault that has been put.
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

// occasion is a call, message or invocation that a fault may strike.
type occasion struct {
	kinds                      []Kind
	service, operation, caller string
	resources                  []string // names and ARNs
}

// strike reports whether the fault strikes and counts that. The returned fault's latency includes the jitter.
func (a *active) strike(at occasion) (struck Fault, strikes bool) {
	fits := !a.over() && slices.Contains(at.kinds, a.Kind) &&
		(a.Service == "" || a.Service == at.service) &&
		(a.Operation == "" || a.Operation == at.operation) &&
		(a.Caller == "" || a.Caller == at.caller) &&
		(a.Resource == "" || slices.ContainsFunc(at.resources, a.matches))
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

// matches reports whether the fault's Resource matches an ARN: "jobs" matches arn:aws:sqs:…:jobs and
// arn:aws:dynamodb:…:table/jobs.
func (a *active) matches(arn string) bool {
	rest, found := strings.CutSuffix(arn, a.Resource)
	return found && (rest == "" || strings.HasSuffix(rest, ":") || strings.HasSuffix(rest, "/"))
}
