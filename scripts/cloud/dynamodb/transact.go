package dynamodb

import (
	"context"
	"fmt"
	"slices"
)

// Limits of a transaction.
const (
	maxTransaction     = 100
	maxTransactionSize = 4 << 20
)

// TransactWriteItemsInput is the input of TransactWriteItems.
type TransactWriteItemsInput struct {
	TransactItems          []TransactWriteItem
	ClientRequestToken     string
	ReturnConsumedCapacity string
}

// TransactWriteItem is one action. Exactly one member is set.
type TransactWriteItem struct {
	ConditionCheck *TransactAction
	Put            *TransactAction
	Delete         *TransactAction
	Update         *TransactAction
}

// TransactAction describes an action. A Put has an item, the others have a key.
type TransactAction struct {
	TableName        string
	Item             Item
	Key              Item
	UpdateExpression *string
	expressions
}

// TransactWriteItemsOutput is the output of TransactWriteItems.
type TransactWriteItemsOutput struct {
	ConsumedCapacity []ConsumedCapacity `json:",omitempty"`
}

// TransactWriteItems does all of its actions or none.
func (s *Service) TransactWriteItems(_ context.Context, in *TransactWriteItemsInput) (*TransactWriteItemsOutput, error) {
	if err := checkReturnCapacity(in.ReturnConsumedCapacity); err != nil {
		return nil, err
	}
	if err := checkTransaction(len(in.TransactItems)); err != nil {
		return nil, err
	}
	writes := make([]write, len(in.TransactItems))
	for i, item := range in.TransactItems {
		var err error
		if writes[i], err = item.write(); err != nil {
			return nil, err
		}
	}
	cost, token := meter{asked: in.ReturnConsumedCapacity, split: true}, newClaim(in)
	err := s.write(func(d *draft) error {
		repeated, err := s.claims.done(token)
		switch {
		case err != nil:
			return err
		case repeated:
			return cost.repeat(d, writes)
		}
		if err := transact(d, writes, &cost); err != nil {
			return err
		}
		s.claims.keep(token)
		d.claim(token)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &TransactWriteItemsOutput{cost.report()}, nil
}

func checkTransaction(actions int) error {
	limit := ""
	switch {
	case actions == 0:
		limit = "greater than or equal to 1"
	case actions > maxTransaction:
		limit = fmt.Sprintf("less than or equal to %d", maxTransaction)
	default:
		return nil
	}
	return invalid("1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length %s", limit)
}

// action is one member of a TransactWriteItem.
type action struct {
	verb verb
	*TransactAction
}

// actions returns the members that are set.
func (i TransactWriteItem) actions() []action {
	all := []action{{verbPut, i.Put}, {verbDelete, i.Delete}, {verbUpdate, i.Update}, {verbCheck, i.ConditionCheck}}
	return slices.DeleteFunc(all, func(a action) bool { return a.TransactAction == nil })
}

// write returns the single action, with its expressions parsed.
func (i TransactWriteItem) write() (write, error) {
	all := i.actions()
	switch {
	case len(all) == 0:
		return write{}, invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
	case len(all) > 1:
		return write{}, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
	}
	a := all[0]
	if err := a.check(a.verb); err != nil {
		return write{}, err
	}
	w := write{verb: a.verb, table: a.TableName, item: a.Key}
	if a.verb == verbPut {
		w.item = a.Item
	}
	return a.prepare(w, a.UpdateExpression)
}

func (a *TransactAction) check(v verb) error {
	for _, err := range []error{
		required("transactItems.1.member.put.item", v == verbPut && a.Item == nil),
		required("transactItems.1.member.key", v != verbPut && a.Key == nil),
		required("transactItems.1.member.update.updateExpression", v == verbUpdate && a.UpdateExpression == nil),
		required("transactItems.1.member.conditionCheck.conditionExpression", v == verbCheck && a.ConditionExpression == nil),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// transact runs every write, even after one failed, because a cancellation lists the reasons for all of them.
func transact(d *draft, writes []write, cost *meter) error {
	how, seen, size := make(reasons, len(writes)), distinctItems{}, 0
	for i, w := range writes {
		t, err := d.table(w.table)
		if err != nil {
			return err
		}
		if err := seen.add(t, w.item); err != nil {
			return err
		}
		done, err := w.run(d.service, t)
		if how[i], err = newReason(err); err != nil {
			return err
		}
		if size += max(itemSize(done.new), itemSize(w.item)); size > maxTransactionSize {
			return errTransactionSize
		}
		if done.table != nil {
			cost.write(done, 2)
		}
	}
	return how.err()
}

var errTransactionSize = invalid("Transaction request cannot exceed 4 MB: the aggregate size of its items is larger")

// distinctItems holds the items that a transaction has already used.
type distinctItems map[string]bool

func (d distinctItems) add(t *table, key Item) error {
	if !t.schema.has(key) {
		return nil // checked elsewhere
	}
	item := t.name + "/" + t.schema.encode(key)
	if d[item] {
		return invalid("Transaction request cannot include multiple operations on one item")
	}
	d[item] = true
	return nil
}
