package dynamodb

import (
	"context"
	"maps"
	"slices"
)

// Limits of a batch.
const (
	maxBatchGet      = 100
	maxBatchWrite    = 25
	maxBatchResponse = 16 << 20 // bytes
)

// BatchGetItemInput is the input of BatchGetItem.
type BatchGetItemInput struct {
	RequestItems           map[string]BatchGet
	ReturnConsumedCapacity string
}

// BatchGet names items to get from one table.
type BatchGet struct {
	Keys           []Item
	ConsistentRead bool `json:",omitempty"`
	BatchProjection
}

// BatchProjection selects the attributes to return.
type BatchProjection struct {
	ProjectionExpression     *string           `json:",omitempty"`
	ExpressionAttributeNames map[string]string `json:",omitempty"`
}

// BatchGetItemOutput is the output of BatchGetItem. UnprocessedKeys holds the keys of items that did not fit into 16
// MB.
type BatchGetItemOutput struct {
	Responses        map[string][]Item
	UnprocessedKeys  map[string]BatchGet
	ConsumedCapacity []ConsumedCapacity `json:",omitempty"`
}

// BatchGetItem returns up to 100 items from any number of tables.
func (s *Service) BatchGetItem(_ context.Context, in *BatchGetItemInput) (*BatchGetItemOutput, error) {
	violations, count := []string{capacityAsked(in.ReturnConsumedCapacity)}, 0
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		n := len(in.RequestItems[name].Keys)
		count += n
		violations = append(violations, tableNamed("requestItems", name),
			within("RequestItems."+name+".member.Keys", "", "length", n, 1, maxBatchGet))
	}
	switch err := check(violations...); {
	case err != nil:
		return nil, err
	case count == 0:
		return nil, invalid("The requestItems parameter is required for BatchGetItem")
	case count > maxBatchGet:
		return nil, invalid("Too many items requested for the BatchGetItem call")
	}
	b := batchGet{service: s, cost: meter{bill: s.Bill, asked: in.ReturnConsumedCapacity}, out: &BatchGetItemOutput{Responses: map[string][]Item{}, UnprocessedKeys: map[string]BatchGet{}}}
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		if err := b.get(name, in.RequestItems[name]); err != nil {
			return nil, err
		}
	}
	b.out.ConsumedCapacity = b.cost.report()
	return b.out, nil
}

type batchGet struct {
	service *Service
	out     *BatchGetItemOutput
	size    int
	cost    meter
}

func (b *batchGet) get(name string, in BatchGet) error {
	p, err := reading(in.BatchProjection).projection()
	if err != nil {
		return err
	}
	t, err := b.service.table(name)
	if err != nil {
		return err
	}
	if err := t.checkKeys(in.Keys); err != nil {
		return err
	}
	b.out.Responses[name] = []Item{}
	for i, key := range in.Keys {
		item := t.get(key)
		if b.size += itemSize(item); b.size > maxBatchResponse {
			rest := in
			rest.Keys = in.Keys[i:]
			b.out.UnprocessedKeys[name] = rest
			return nil
		}
		if item != nil {
			b.out.Responses[name] = append(b.out.Responses[name], p.of(item))
		}
		b.cost.read(t, nil, readUnits(itemSize(item), in.ConsistentRead))
	}
	return nil
}

// checkKeys rejects malformed and duplicate keys.
func (t *table) checkKeys(keys []Item) error {
	seen := map[string]bool{}
	for _, key := range keys {
		if err := t.schema.checkKey(key); err != nil {
			return err
		}
		encoded := t.schema.encode(key)
		if seen[encoded] {
			return invalid("Provided list of item keys contains duplicates")
		}
		seen[encoded] = true
	}
	return nil
}
