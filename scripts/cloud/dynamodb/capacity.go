package dynamodb

// Sizes of capacity units, in bytes.
const (
	writeUnit = 1 << 10
	readUnit  = 4 << 10
)

// Capacity is a number of consumed capacity units.
type Capacity struct {
	CapacityUnits      float64
	ReadCapacityUnits  float64 `json:",omitempty"`
	WriteCapacityUnits float64 `json:",omitempty"`
}

// ConsumedCapacity is the capacity that a request consumed on one table.
type ConsumedCapacity struct {
	TableName string
	Capacity
	Table                  *Capacity           `json:",omitempty"`
	GlobalSecondaryIndexes map[string]Capacity `json:",omitempty"`
	LocalSecondaryIndexes  map[string]Capacity `json:",omitempty"`
}

// capacityAsked checks ReturnConsumedCapacity.
func capacityAsked(asked string) string {
	return oneOf("returnConsumedCapacity", asked, "INDEXES", "TOTAL", "NONE")
}

func writeCost(units float64) Capacity {
	return Capacity{CapacityUnits: units, WriteCapacityUnits: units}
}

func writeUnits(size int) float64 { return float64(max(1, ceil(size, writeUnit))) }

// readUnits returns the cost of reading size bytes: half a unit for each 4 KB, or a whole one if the read is
// consistent.
func readUnits(size int, consistent bool) float64 {
	units := float64(max(1, ceil(size, readUnit)))
	if consistent {
		return units
	}
	return units / 2
}

func ceil(size, unit int) int { return (size + unit - 1) / unit }

func (c Capacity) plus(d Capacity) Capacity {
	return Capacity{c.CapacityUnits + d.CapacityUnits, c.ReadCapacityUnits + d.ReadCapacityUnits, c.WriteCapacityUnits + d.WriteCapacityUnits}
}

func (c Capacity) shown(split bool) Capacity {
	if !split {
		return Capacity{CapacityUnits: c.CapacityUnits}
	}
	return c
}
