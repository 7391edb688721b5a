package dynamodb

import (
	"context"
	"fmt"
)

// TransactGetItemsInput is the input of TransactGetItems.
type TransactGetItemsInput struct {
	TransactItems          []TransactGetItem
	ReturnConsumedCapacity string
}

// TransactGetItem names one item to get.
type TransactGetItem struct{ Get *TransactGet }

// TransactGet says which item to get.
type TransactGet struct {
	TableName string
	Key       Item
	reading
}

// TransactGetItemsOutput is the output of TransactGetItems. It has one response per item, in order.
type TransactGetItemsOutput struct {
	Responses        []ItemResponse
	ConsumedCapacity []ConsumedCapacity `json:",omitempty"`
}

// ItemResponse holds an item, if there is one.
type ItemResponse struct {
	Item Item `json:",omitzero"`
}

// TransactGetItems returns several items from one snapshot.
func (s *Service) TransactGetItems(_ context.Context, in *TransactGetItemsInput) (*TransactGetItemsOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	projections := make([]projection, len(in.TransactItems))
	for i, item := range in.TransactItems {
		var err error
		if projections[i], err = item.Get.projection(); err != nil {
			return nil, err
		}
	}
	tables, err := s.snapshot(in.TransactItems)
	if err != nil {
		return nil, err
	}
	return s.transactGet(in, tables, projections)
}

func (in *TransactGetItemsInput) check() error {
	violations := []string{ofTransaction(len(in.TransactItems)), capacityAsked(in.ReturnConsumedCapacity)}
	for i, item := range in.TransactItems {
		prefix := fmt.Sprintf("transactItems.%d.member.get", i+1)
		if item.Get == nil {
			violations = append(violations, required(prefix, true))
			continue
		}
		violations = append(violations, tableNamed(prefix+".tableName", item.Get.TableName), required(prefix+".key", item.Get.Key == nil))
	}
	return check(violations...)
}

// snapshot returns the current versions of all the tables that the items are in.
func (s *Service) snapshot(items []TransactGetItem) (map[string]*table, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tables := map[string]*table{}
	for _, item := range items {
		t, err := s.current(item.Get.TableName)
		if err != nil {
			return nil, err
		}
		tables[item.Get.TableName] = t
	}
	return tables, nil
}

func (s *Service) transactGet(in *TransactGetItemsInput, tables map[string]*table, projections []projection) (*TransactGetItemsOutput, error) {
	out, cost := &TransactGetItemsOutput{}, meter{bill: s.Bill, asked: in.ReturnConsumedCapacity, split: true}
	how, seen, size := make(reasons, len(in.TransactItems)), distinctItems{}, 0
	for i, item := range in.TransactItems {
		t := tables[item.Get.TableName]
		var err error
		if how[i], err = newReason(s.readable(t, item.Get.Key)); err != nil {
			return nil, err
		}
		if err := seen.add(t, item.Get.Key); err != nil {
			return nil, err
		}
		found := t.get(item.Get.Key)
		if size += itemSize(found); size > maxTransactionSize {
			return nil, errTransactionSize
		}
		cost.read(t, nil, 2*readUnits(itemSize(found), true))
		out.Responses = append(out.Responses, ItemResponse{projections[i].of(found)})
	}
	if err := how.err(); err != nil {
		return nil, err
	}
	out.ConsumedCapacity = cost.report()
	return out, nil
}

func (s *Service) readable(t *table, key Item) error {
	if err := t.schema.checkKey(key); err != nil {
		return err
	}
	if s.Conflict != nil && s.Conflict(t.name, key) {
		return errConflict
	}
	return nil
}
