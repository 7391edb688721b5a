package simulation

import "slices"

// fault is what goes wrong with one call or delivery.
type fault int

const (
	none       fault = iota
	throttled        // refused, with no effect
	broken           // an error of the service's own, with no effect
	lost             // it had its effect, and the answer is lost
	late             // it had its effect, and the answer comes seconds later
	partly           // some entries of a batch are refused, though the call succeeds
	expiring         // a receive whose visibility ends while the messages are handled
	dying            // the instance ends before the call
	died             // the instance ends after the call
	midway           // the instance ends after some entries of a batch
	twice            // a delivery that comes again
	delayed          // a delivery that comes late
	outage           // an operation fails for a service, for some seconds
	redeployed       // all instances of a service are replaced, gracefully
	dead             // the instance has ended: no fault of its own, but what it leads to
	expired          // its time is over before its turn
)

var faultNames = [...]string{"", "throttled", "broken", "answer lost", "answer late", "partly refused", "visibility expires",
	"crash before", "crash after", "crash midway", "delivered twice", "delayed", "begins an outage", "redeployed", "instance is dead", "out of time"}

func (f fault) String() string { return faultNames[f] }

// kinds are all faults that a seed chooses from.
var kinds = []fault{throttled, broken, lost, late, partly, expiring, dying, died, midway, twice, delayed, outage, redeployed}

// The operations that some faults belong to.
var batches = []string{"PutEvents", "PublishBatch", "SendMessageBatch", "DeleteMessageBatch"}

const receive = "ReceiveMessage"

// possible are the faults that can meet an item.
func (it *item) possible() []fault {
	switch {
	case it.op == answered:
		return nil
	case it.hop != nil:
		return []fault{twice, delayed}
	case it.op == receive:
		return []fault{throttled, broken, lost, expiring, expiring, dying, died, redeployed}
	case slices.Contains(batches, it.op):
		return []fault{throttled, broken, lost, late, partly, partly, outage, dying, died, midway}
	default:
		return []fault{throttled, broken, lost, late, outage, dying, died}
	}
}
