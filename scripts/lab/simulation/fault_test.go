package simulation

import "slices"

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
	twice            // a delivery is repeated
	delayed          // a delivery is late
	outage           // an operation fails for a service for some seconds
	redeployed       // all instances of a service are replaced gracefully
	dead             // the instance has ended: a consequence of another fault
	expired          // the deadline passed before its turn
)

var faultNames = [...]string{"", "throttled", "broken", "answer lost", "answer late", "partly refused", "visibility expires",
	"crash before", "crash after", "crash midway", "delivered twice", "delayed", "begins an outage", "redeployed", "instance is dead", "out of time"}

func (f fault) String() string { return faultNames[f] }

// kinds are all faults from which a seed chooses.
var kinds = []fault{throttled, broken, lost, late, partly, expiring, dying, died, midway, twice, delayed, outage, redeployed}

// The operations that certain faults apply to.
var batches = []string{"PutEvents", "PublishBatch", "SendMessageBatch", "DeleteMessageBatch"}

const receive = "ReceiveMessage"

// possible returns the faults that can apply to an item.
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
