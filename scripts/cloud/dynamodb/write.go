package dynamodb

import "example.com/localcloud/wire"

// verb is the kind of a write. Its text is the name of the permission that it needs in a transaction.
type verb string

const (
	verbPut    verb = "PutItem"
	verbDelete verb = "DeleteItem"
	verbUpdate verb = "UpdateItem"
	verbCheck  verb = "ConditionCheckItem"
)

// member returns the member of a request that holds the item or its key.
func (v verb) member() string {
	if v == verbPut {
		return "item"
	}
	return "key"
}

// write is a single write or one of a transaction. It is complete except for the current item.
type write struct {
	verb      verb
	table     string
	item      Item // the item for a Put, otherwise its key
	condition condition
	update    *update // for an UpdateItem with an expression
	showOld   bool    // return the old item when the condition fails
}

// effect is the result of a write.
type effect struct {
	table    *table
	old, new Item // nil if there is none
}

// run applies the write to a table that nobody else sees.
func (w write) run(s *Service, t *table) (effect, error) {
	if err := w.checkKey(t); err != nil {
		return effect{}, err
	}
	if s.Conflict != nil && s.Conflict(t.name, t.schema.of(w.item)) {
		return effect{}, errConflict
	}
	old := t.get(w.item)
	if w.condition != nil && !w.condition.holds(orEmpty(old)) {
		return effect{}, w.conditionFailed(old)
	}
	item, err := w.result(t, old)
	if err != nil {
		return effect{}, err
	}
	w.store(t, item)
	return effect{t, old, item}, nil
}

func orEmpty(item Item) Item {
	if item == nil {
		return Item{}
	}
	return item
}

func (w write) checkKey(t *table) error {
	if w.verb == verbPut {
		return t.check(w.item)
	}
	if err := t.schema.checkKey(w.item); err != nil || w.update == nil {
		return err
	}
	for _, e := range w.update.edits() {
		for _, a := range t.schema {
			if e.path[0].name == a.name {
				return invalidParameter("Cannot update attribute %s. This attribute is part of the key", a.name)
			}
		}
	}
	return t.scalarKeys(w.update.named)
}

var errConflict = wire.Errorf(codeConflict, "Transaction is ongoing for the item")

func (w write) conditionFailed(old Item) error {
	e := wire.Errorf(codeCondition, "The conditional request failed")
	if w.showOld && old != nil {
		e.Members = map[string]any{"Item": old}
	}
	return e
}

// result returns the item after the write, or nil if there is none.
func (w write) result(t *table, old Item) (Item, error) {
	switch {
	case w.verb == verbPut:
		return w.item, w.fits()
	case w.verb == verbDelete:
		return nil, nil
	case w.verb == verbCheck, old == nil && !w.update.creates():
		return old, nil
	}
	item := old
	if item == nil {
		item = w.item
	}
	if w.update == nil {
		return item, nil
	}
	item, err := w.update.apply(item)
	if err != nil {
		return nil, err
	}
	if depth(item) > maxDepth+1 { // the item itself counts as a level
		return nil, errDepth
	}
	if err := tooLarge(item, "Item size to update has exceeded the maximum allowed size"); err != nil {
		return nil, err
	}
	return item, t.check(item)
}

// fits rejects an item to put that is too large.
func (w write) fits() error {
	if w.verb != verbPut {
		return nil
	}
	return tooLarge(w.item, "Item size has exceeded the maximum allowed size")
}

func tooLarge(item Item, message string) error {
	if itemSize(item) > maxItem {
		return invalid("%s", message)
	}
	return nil
}

func (w write) store(t *table, item Item) {
	switch {
	case w.verb == verbCheck:
	case item == nil:
		t.remove(w.item)
	default:
		t.put(item)
	}
}
