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
	maxToken           = 36 // bytes of a client token
)

// TransactWriteItemsInput is the input of TransactWriteItems.
type TransactWriteItemsInput struct {
	TransactItems          []TransactWriteItem
	ClientRequestToken     *string
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
	actions, err := in.actions()
	if err != nil {
		return nil, err
	}
	writes := make([]write, len(actions))
	for i, a := range actions {
		if writes[i], err = a.write(); err != nil {
			return nil, err
		}
	}
	cost, token := meter{bill: s.Bill, asked: in.ReturnConsumedCapacity, split: true}, newClaim(in)
	err = s.write(func(d *draft) error {
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

// actions checks the request and returns the single action of each of its items.
func (in *TransactWriteItemsInput) actions() ([]action, error) {
	token := ""
	if in.ClientRequestToken != nil {
		token = ofLength("clientRequestToken", *in.ClientRequestToken, 1, maxToken)
	}
	violations := found(nil, ofTransaction(len(in.TransactItems)), capacityAsked(in.ReturnConsumedCapacity), token)
	actions := make([]action, 0, len(in.TransactItems))
	for i, item := range in.TransactItems {
		a, err := item.action()
		if err != nil {
			return nil, err
		}
		actions = append(actions, a)
		if a.violations(nil, "") != nil {
			violations = a.violations(violations, fmt.Sprintf("transactItems.%d.member.", i+1))
		}
	}
	return actions, check(violations...)
}

// ofTransaction says that a transaction has too few or too many actions.
func ofTransaction(actions int) string {
	shown := "[]"
	if actions > 0 {
		shown = fmt.Sprintf("[%d actions]", actions)
	}
	return within("transactItems", quoted(shown), "length", actions, 1, maxTransaction)
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

// action returns the single action.
func (i TransactWriteItem) action() (action, error) {
	all := i.actions()
	switch {
	case len(all) == 0:
		return action{}, invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
	case len(all) > 1:
		return action{}, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
	}
	a := all[0]
	switch {
	case a.Item != nil && a.verb != verbPut:
		return action{}, unknownMember("Item")
	case a.Key != nil && a.verb == verbPut:
		return action{}, unknownMember("Key")
	case a.UpdateExpression != nil && a.verb != verbUpdate:
		return action{}, unknownMember("UpdateExpression")
	}
	return a, nil
}

// write returns the action with its expressions parsed.
func (a action) write() (write, error) {
	w := write{verb: a.verb, table: a.TableName, item: a.Key}
	if a.verb == verbPut {
		w.item = a.Item
	}
	return a.prepare(w, a.UpdateExpression)
}

// violations appends those of one action. Its members are at prefix, in a member that its verb is named after.
func (a action) violations(all []string, prefix string) []string {
	if prefix != "" {
		prefix += map[verb]string{verbPut: "put.", verbDelete: "delete.", verbUpdate: "update.", verbCheck: "conditionCheck."}[a.verb]
	}
	return found(all,
		tableNamed(prefix+"tableName", a.TableName),
		required(prefix+"item", a.verb == verbPut && a.Item == nil),
		required(prefix+"key", a.verb != verbPut && a.Key == nil),
		required(prefix+"updateExpression", a.verb == verbUpdate && a.UpdateExpression == nil),
		required(prefix+"conditionExpression", a.verb == verbCheck && a.ConditionExpression == nil),
		a.shown(prefix),
	)
}

// transact runs every write, even after one failed, because a cancellation lists the reasons for all of them. Only a
// bad key ends the transaction at once: the other actions then have no reason (scylladb/scylladb,
// test_transact_write_cancellation_reasons_validationerror).
func transact(d *draft, writes []write, cost *meter) error {
	how, seen, size := make(reasons, len(writes)), distinctItems{}, 0
	for i, w := range writes {
		how[i], _ = newReason(nil)
		t, err := d.table(w.table)
		if err != nil {
			return err
		}
		if err := seen.add(t, w.item); err != nil {
			return err
		}
	}
	for i, w := range writes {
		t, _ := d.table(w.table) // the loop above has seen it
		if err := w.checkKey(t); err != nil {
			how[i], _ = newReason(err) // checkKey only returns validation errors
			return how.err()
		}
	}
	for i, w := range writes {
		t, _ := d.table(w.table)
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

var errTransactionSize = invalid("Transaction request size cannot exceed 4 MB: the aggregate size of its items is larger")

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
