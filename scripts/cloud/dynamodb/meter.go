package dynamodb

import "example.com/localcloud/bill"

// meter adds up the cost of a request per table if ReturnConsumedCapacity or the account's bill asks for it.
type meter struct {
	bill   *bill.Meter
	asked  string // TOTAL, INDEXES, NONE or empty
	split  bool   // report reads and writes separately, as transactions do
	tables []*usage
}

func (m *meter) off() bool { return m.silent() && !m.bill.Listening() }

// silent reports whether the response says nothing of the cost.
func (m *meter) silent() bool { return m.asked == "" || m.asked == "NONE" }

type usage struct {
	table   *table
	own     Capacity
	indexes map[string]Capacity
}

func (m *meter) of(t *table) *usage {
	for _, u := range m.tables {
		if u.table.name == t.name {
			return u
		}
	}
	u := &usage{table: t, indexes: map[string]Capacity{}}
	m.tables = append(m.tables, u)
	return u
}

// read adds units read from a table or one of its indexes.
func (m *meter) read(t *table, x *index, units float64) {
	if m.off() {
		return
	}
	m.bill.Tell(bill.Use{Service: "dynamodb", Resource: t.name, Reads: units})
	u, c := m.of(t), Capacity{CapacityUnits: units, ReadCapacityUnits: units}
	if x == nil {
		u.own = u.own.plus(c)
	} else {
		u.indexes[x.name] = u.indexes[x.name].plus(c)
	}
}

// write adds the cost of a write to its table and to each index that changed. In a transaction, times is 2.
func (m *meter) write(done effect, times float64) {
	if m.off() {
		return
	}
	u, t := m.of(done.table), done.table
	own := times * writeUnits(max(itemSize(done.old), itemSize(done.new)))
	u.own = u.own.plus(writeCost(own))
	m.bill.Tell(bill.Use{Service: "dynamodb", Resource: t.name, Item: t.partition(done), Writes: own})
	for _, x := range t.indexes {
		if units := x.writeUnits(t.schema, done); units > 0 {
			u.indexes[x.name] = u.indexes[x.name].plus(writeCost(times * units))
			m.bill.Tell(bill.Use{Service: "dynamodb", Resource: t.name, Writes: times * units})
		}
	}
}

// partition returns the partition key of an item that was written, or "" if it isn't a string.
func (t *table) partition(done effect) string {
	item := done.new
	if item == nil {
		item = done.old
	}
	text, _ := item[t.schema[0].name].(String) // others are nobody's here
	return string(text)
}

// repeat adds the cost of a repeated transaction, which only reads its items.
func (m *meter) repeat(d *draft, writes []write) error {
	for _, w := range writes {
		t, err := d.table(w.table)
		if err != nil {
			return err
		}
		m.read(t, nil, 2*readUnits(itemSize(t.get(w.item)), true))
	}
	return nil
}

// writeUnits returns the cost of updating an index after a write. A changed key costs a removal and an addition.
func (x *index) writeUnits(primary keySchema, done effect) float64 {
	var old, fresh Item
	if done.old != nil && x.schema.has(done.old) {
		old = x.projection.of(primary, x.schema, done.old)
	}
	if done.new != nil && x.schema.has(done.new) {
		fresh = x.projection.of(primary, x.schema, done.new)
	}
	switch {
	case old == nil && fresh == nil, old != nil && fresh != nil && equal(old, fresh):
		return 0
	case old != nil && fresh != nil && !equal(x.schema.of(old), x.schema.of(fresh)):
		return writeUnits(itemSize(old)) + writeUnits(itemSize(fresh))
	}
	return writeUnits(max(itemSize(old), itemSize(fresh)))
}

// one returns the report of a request on a single table, or nil if the request did not ask for it.
func (m *meter) one() *ConsumedCapacity {
	if all := m.report(); len(all) > 0 {
		return &all[0]
	}
	return nil
}

func (m *meter) report() []ConsumedCapacity {
	var all []ConsumedCapacity
	if m.silent() {
		return nil
	}
	for _, u := range m.tables {
		all = append(all, u.report(m.asked == "INDEXES", m.split))
	}
	return all
}

func (u *usage) report(detailed, split bool) ConsumedCapacity {
	c := ConsumedCapacity{TableName: u.table.name, Capacity: u.own}
	for _, v := range u.indexes {
		c.Capacity = c.Capacity.plus(v)
	}
	c.Capacity = c.Capacity.shown(split)
	if !detailed {
		return c
	}
	c.Table = new(u.own.shown(split))
	for name, v := range u.indexes {
		group := &c.GlobalSecondaryIndexes
		if u.table.index(name).local {
			group = &c.LocalSecondaryIndexes
		}
		if *group == nil {
			*group = map[string]Capacity{}
		}
		(*group)[name] = v.shown(split)
	}
	return c
}
