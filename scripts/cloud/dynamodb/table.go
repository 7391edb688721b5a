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
	packed
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
		return r.item()
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
	t.replace(t.schema.encode(item), item)
}

// remove removes the item with the given key.
func (t *table) remove(key Item) {
	t.replace(t.schema.encode(key), nil)
}

// replace stores an item at a key, or removes the one there if item is nil, and updates the indexes.
func (t *table) replace(key string, item Item) {
	expires := t.expiryKey(key, item)
	if expires != "" {
		key = expires[len(expires)-len(key):] // what it ends with: both trees share the memory
	}
	var before Item
	if old := t.items.get(key); old != nil {
		before = old.item()
		t.bytes -= old.size
	}
	var fresh *row
	if item == nil {
		t.items = t.items.remove(key)
	} else {
		fresh = &row{pack(item), itemSize(item)}
		t.items = t.items.put(key, fresh)
		t.bytes += fresh.size
	}
	for i := range t.indexes {
		x := &t.indexes[i]
		x.items = x.items.move(x.place(key, before), x.place(key, item), fresh)
		x.bytes += x.storedSize(t.schema, item) - x.storedSize(t.schema, before)
	}
	t.expiry = t.expiry.move(t.expiryKey(key, before), expires, fresh)
	t.note(key, item)
}
