package dynamodb

import (
	"slices"
	"time"

	"example.com/localcloud/journal"
)

// maxItem is the largest item, in bytes.
const maxItem = 400 << 10

// row is an item in a table and its indexes.
type row struct {
	item Item
	size int
}

// table is one state of a table. A table that others can see is never changed: a write works on a clone.
type table struct {
	name      string
	created   time.Time
	schema    keySchema
	billing   billing
	tags      map[string]string
	ttl       string // the attribute that holds an item's time to live; empty: off
	protected bool   // against deletion
	id        string

	items   tree
	bytes   int
	indexes []index
	expiry  tree // rows by the time they expire, for those that do

	kept      bool             // by the journal
	noted     []journal.Change // items to be saved when others see this state
	redefined bool             // so must the table
}

func (t *table) clone() *table {
	c := *t
	c.indexes = slices.Clone(t.indexes)
	c.noted, c.redefined = nil, false
	return &c
}

func (t *table) get(key Item) Item {
	if r := t.items.get(t.schema.encode(key)); r != nil {
		return r.item
	}
	return nil
}

// check checks a whole item before it is stored.
func (t *table) check(item Item) error {
	if err := t.schema.checkItem(item); err != nil {
		return err
	}
	for _, x := range t.indexes {
		if err := x.schema.checkIndex(x.name, item); err != nil {
			return err
		}
	}
	return nil
}

// put stores an item in place of the one with its key.
func (t *table) put(item Item) {
	t.replace(t.schema.encode(item), &row{item, itemSize(item)})
}

// remove drops the item with a key.
func (t *table) remove(key Item) {
	t.replace(t.schema.encode(key), nil)
}

// replace stores a row at a key, or none, and keeps the indexes up with it.
func (t *table) replace(key string, fresh *row) {
	old := t.items.get(key)
	t.items = t.items.move(key, placed(key, fresh), fresh)
	t.bytes += fresh.bytes() - old.bytes()
	for i := range t.indexes {
		x := &t.indexes[i]
		x.items = x.items.move(x.place(key, old), x.place(key, fresh), fresh)
		x.bytes += x.share(t.schema, fresh) - x.share(t.schema, old)
	}
	t.expiry = t.expiry.move(t.moment(key, old), t.moment(key, fresh), fresh)
	t.note(key, fresh)
}

func placed(key string, r *row) string {
	if r == nil {
		return ""
	}
	return key
}

func (r *row) bytes() int {
	if r == nil {
		return 0
	}
	return r.size
}
