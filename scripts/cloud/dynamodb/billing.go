package dynamodb

// billing is the billing mode and throughput of a table or index. The local cloud reports them but never throttles.
type billing struct {
	mode       string // PROVISIONED or PAY_PER_REQUEST
	throughput Throughput
}

// maxUnits is the highest throughput that a request may name (dynalite's updateTable.js, which also runs against AWS).
const maxUnits = 1_000_000_000_000

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
	return billing{b.mode, *t}, nil
}

// violations checks the units, if the request has some. Its members are at prefix.
func (t *Throughput) violations(prefix string) []string {
	if t == nil {
		return nil
	}
	units := func(member string, n int64) string {
		return within(prefix+"provisionedThroughput."+member, shown(int(n)), "value", int(n), 1, maxUnits)
	}
	return []string{units("writeCapacityUnits", t.WriteCapacityUnits), units("readCapacityUnits", t.ReadCapacityUnits)}
}
