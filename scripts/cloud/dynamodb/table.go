package dynamodb

import (
	"slices"
	"time"

	"example.com/localcloud/journal"
)

// maxItem is the maximum size of an item, in bytes.
const maxItem = 400 << 10

// row is an item as a table and its indexes store it.
type row struct {
	item Item
	size int
}

// table is one version of a table. A version that others can see never changes: a write works on a clone.
type table struct {
	name      string
	created   time.Time
	schema    keySchema
	billing   billing
	tags      map[string]string
	ttl       string // the attribute that holds an item's expiry time; empty if off
	protected bool   // against deletion
	id        string

	items   tree
	bytes   int
	indexes []index
	expiry  tree // the rows that expire, by expiry time

	kept      bool             // in the journal
	noted     []journal.Change // items to save before others see this version
	redefined bool             // whether the table itself must be saved too
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

// check validates a whole item before it is stored.
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

// put stores an item and replaces the one with the same key.
func (t *table) put(item Item) {
	t.replace(t.schema.encode(item), &row{item, itemSize(item)})
}

// remove removes the item with the given key.
func (t *table) remove(key Item) {
	t.replace(t.schema.encode(key), nil)
}

// replace stores a row at a key, or removes the one there if fresh is nil, and updates the indexes.
func (t *table) replace(key string, fresh *row) {
	old := t.items.get(key)
	t.items = t.items.move(key, placed(key, fresh), fresh)
	t.bytes += fresh.bytes() - old.bytes()
	for i := range t.indexes {
		x := &t.indexes[i]
		x.items = x.items.move(x.place(key, old), x.place(key, fresh), fresh)
		x.bytes += x.storedSize(t.schema, fresh) - x.storedSize(t.schema, old)
	}
	t.expiry = t.expiry.move(t.expiryKey(key, old), t.expiryKey(key, fresh), fresh)
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
