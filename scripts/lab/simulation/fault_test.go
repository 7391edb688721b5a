package simulation

import (
	"slices"
	"strings"
	"time"
)

// fault is what goes wrong with a call or a delivery.
type fault int

const (
	none       fault = iota
	throttled        // refused without an effect
	broken           // fails with the service's own error, without an effect
	lost             // takes effect, but the response is lost
	late             // takes effect, but the response is seconds late
	partly           // some entries of a batch are rejected, though the call succeeds
	expiring         // a receive whose messages become visible again while they are handled
	dying            // the instance ends before the call
	died             // the instance ends after the call
	midway           // the instance ends after some entries of a batch
	twice            // a delivery that comes again
	delayed          // a delivery that comes late
	outage           // an operation fails for a service, for some seconds
	blackout         // a store, or the bus, fails for minutes, for one service or all; once a run
	redeployed       // all instances of a service are replaced, gracefully
	dead             // the instance has ended: no fault of its own, but what it leads to
	expired          // its time is over before its turn
)

var faultNames = [...]string{"", "throttled", "broken", "answer lost", "answer late", "partly refused", "visibility expires",
	"crash before", "crash after", "crash midway", "delivered twice", "delayed", "begins an outage", "begins a blackout", "redeployed", "instance is dead", "out of time"}

func (f fault) String() string { return faultNames[f] }

// kinds are all faults that a seed chooses from.
var kinds = []fault{throttled, broken, lost, late, partly, expiring, dying, died, midway, twice, delayed, outage, blackout, redeployed}

// The operations that some faults belong to.
var batches = []string{putEvents, "PublishBatch", "SendMessageBatch", "DeleteMessageBatch"}

const (
	receive   = "ReceiveMessage"
	putEvents = "PutEvents"
)

// stores are what the kit calls of a store.
var stores = []string{"GetItem", "BatchGetItem", "Query", "PutItem", "TransactWriteItems", sqlFind, sqlTransaction}

// possible returns the faults that can apply to an item.
func (it *item) possible() []fault {
	switch {
	case it.op == answered:
		return nil
	case it.hop != nil:
		return []fault{twice, delayed}
	case it.op == receive:
		return []fault{throttled, broken, lost, expiring, expiring, dying, died, redeployed}
	case it.op == putEvents:
		return []fault{throttled, broken, lost, late, partly, partly, outage, blackout, dying, died, midway}
	case slices.Contains(stores, it.op):
		return []fault{throttled, broken, lost, late, outage, blackout, dying, died}
	case slices.Contains(batches, it.op):
		return []fault{throttled, broken, lost, late, partly, partly, outage, dying, died, midway}
	default:
		return []fault{throttled, broken, lost, late, outage, dying, died}
	}
}

// darkness is a blackout: for minutes every call of a store fails, or every PutEvents.
type darkness struct {
	of    *service // nil for all
	ops   []string // nil before it began
	until time.Time
}

// longestBlackout is what services have to bear with the defaults of service.json: not one
// message may be a dead letter after it.
const longestBlackout = 15 * time.Minute

// darken begins a blackout with a call.
func (w *world) darken(it *item) {
	w.dark = darkness{ops: stores, until: time.Now().Add(pick(w.rng, longestBlackout/3, longestBlackout))}
	if it.op == putEvents {
		w.dark.ops = []string{putEvents}
	}
	if w.rng.IntN(2) == 0 {
		w.dark.of = it.from.service
	}
	w.trace.event(blackout, w.dark.String())
}

func (d darkness) String() string {
	switch {
	case d.ops == nil:
		return ""
	case d.of == nil:
		return ", blackout of all services' " + strings.Join(d.ops, ", ") + " until " + d.until.Format(time.TimeOnly)
	default:
		return ", blackout of " + d.of.Name + "'s " + strings.Join(d.ops, ", ") + " until " + d.until.Format(time.TimeOnly)
	}
}

// hits tells whether a call fails because of the blackout.
func (d darkness) hits(it *item, now time.Time) bool {
	return it.from != nil && slices.Contains(d.ops, it.op) && now.Before(d.until) && (d.of == nil || d.of == it.from.service)
}
