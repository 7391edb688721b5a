package cost

import (
	_ "embed"
	"fmt"
)

// AllRegions is the region of a quota that is the same in all of them.
const AllRegions = "*"

//go:embed quotas.json
var quotasFile []byte

// Quota is a default limit of AWS in a region.
type Quota struct {
	ID          string  `json:"id"`
	Region      string  `json:"region"` // or AllRegions
	Value       float64 `json:"value"`
	Unit        string  `json:"unit"`
	Scope       string  `json:"scope"` // what has it: the account in the region, or each function, queue, table or key
	Adjustable  bool    `json:"adjustable"`
	Effect      string  `json:"effect"` // refused, delayed
	Then        string  `json:"then"`   // what happens at the limit, and to whom
	Source      string  `json:"source"`
	Unconfirmed bool    `json:"unconfirmed,omitempty"`
}

// Quotas are the default quotas of one region.
type Quotas struct {
	Region string

	byID map[string]Quota
}

// QuotasOf returns the quotas of a region. An unknown region is refused with those that the file has.
func QuotasOf(region string) (*Quotas, error) {
	return parseQuotas("quotas.json", quotasFile, region)
}

// Of returns a quota. It panics for an id that the code uses and the file lacks: the package's tests have them all.
func (q *Quotas) Of(id string) Quota {
	quota, known := q.byID[id]
	if !known {
		panic(fmt.Sprintf("there is no quota %q for %s", id, q.Region))
	}
	return quota
}

func parseQuotas(name string, text []byte, region string) (*Quotas, error) {
	all, err := parse[Quota](name, text, "quotas")
	if err != nil {
		return nil, err
	}
	q := &Quotas{Region: region, byID: map[string]Quota{}}
	own := false
	for _, entry := range all {
		quota := entry.of
		switch {
		case quota.ID == "" || quota.Region == "" || quota.Unit == "" || quota.Scope == "" || quota.Then == "":
			return nil, entry.refuse("a quota needs id, region, unit, scope and then")
		case quota.Value <= 0:
			return nil, entry.refuse("value must be above 0")
		case quota.Effect != "refused" && quota.Effect != "delayed":
			return nil, entry.refuse("effect must be refused or delayed")
		}
		if quota.Region != region && quota.Region != AllRegions {
			continue
		}
		own = own || quota.Region == region
		if _, twice := q.byID[quota.ID]; twice {
			return nil, entry.refuse("there are two quotas %q for %s", quota.ID, region)
		}
		q.byID[quota.ID] = quota
	}
	if !own {
		return nil, unknownRegion(name, region, all, func(quota Quota) string { return quota.Region })
	}
	return q, nil
}
