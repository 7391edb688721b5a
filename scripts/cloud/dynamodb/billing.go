package dynamodb

import "math"

// billing is the billing mode and throughput of a table or index. The local cloud reports them but never throttles.
type billing struct {
	mode       string // PROVISIONED or PAY_PER_REQUEST
	throughput Throughput
}

// The billing modes.
const (
	provisioned = "PROVISIONED"
	onDemand    = "PAY_PER_REQUEST"
)

func newBilling(mode string, t *Throughput) (billing, error) {
	if mode == "" {
		mode = provisioned
	}
	return billing{mode: mode}.of(t)
}

// of returns the billing of an index of a table with billing b.
func (b billing) of(t *Throughput) (billing, error) {
	switch {
	case b.mode == onDemand && t != nil:
		return b, invalidParameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case b.mode == onDemand:
		return billing{mode: onDemand}, nil
	case t == nil:
		return b, invalidParameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	}
	units := func(member string, n int64) string {
		return within("provisionedThroughput."+member+"CapacityUnits", shown(int(n)), "value", int(n), 1, math.MaxInt)
	}
	return billing{b.mode, *t}, check(units("write", t.WriteCapacityUnits), units("read", t.ReadCapacityUnits))
}
