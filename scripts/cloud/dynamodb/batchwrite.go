package dynamodb

import (
	"context"
	"fmt"
)

// BatchWriteItemInput is the input of BatchWriteItem.
type BatchWriteItemInput struct {
	RequestItems           map[string][]BatchWrite
	ReturnConsumedCapacity string
}

// BatchWrite is one write: exactly one member is set.
type BatchWrite struct {
	PutRequest    *struct{ Item Item }
	DeleteRequest *struct{ Key Item }
}

// BatchWriteItemOutput is the output of BatchWriteItem. UnprocessedItems is always empty here.
type BatchWriteItemOutput struct {
	UnprocessedItems map[string][]BatchWrite
	ConsumedCapacity []ConsumedCapacity `json:",omitempty"`
}

// BatchWriteItem puts and deletes up to 25 items in any number of tables.
func (s *Service) BatchWriteItem(_ context.Context, in *BatchWriteItemInput) (*BatchWriteItemOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	writes, err := in.writes()
	if err != nil {
		return nil, err
	}
	cost := meter{bill: s.Bill, asked: in.ReturnConsumedCapacity}
	err = s.write(func(d *draft) error {
		for name, all := range writes {
			if err := d.writeAll(name, all, &cost); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &BatchWriteItemOutput{map[string][]BatchWrite{}, cost.report()}, nil
}

func (in *BatchWriteItemInput) check() error {
	if len(in.RequestItems) == 0 {
		return invalid("The requestItems parameter is required for BatchWriteItem")
	}
	violations := []string{capacityAsked(in.ReturnConsumedCapacity)}
	for name, requests := range in.RequestItems {
		violations = append(violations, tableNamed("requestItems", name))
		if n := len(requests); n < 1 || n > maxBatchWrite {
			violations = append(violations, fmt.Sprintf("Value '{%s=[%d requests]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "+
				"[Member must have length less than or equal to %d, Member must have length greater than or equal to 1]", name, n, maxBatchWrite))
		}
	}
	return check(violations...)
}

func (in *BatchWriteItemInput) writes() (map[string][]write, error) {
	writes, count := map[string][]write{}, 0
	for name, requests := range in.RequestItems {
		for _, r := range requests {
			w, err := r.write(name)
			if err != nil {
				return nil, err
			}
			writes[name] = append(writes[name], w)
			count++
		}
	}
	if count > maxBatchWrite {
		return nil, invalid("Too many items requested for the BatchWriteItem call")
	}
	return writes, nil
}

func (r BatchWrite) write(table string) (write, error) {
	switch {
	case (r.PutRequest == nil) == (r.DeleteRequest == nil):
		return write{}, invalid("A write request must have exactly one of PutRequest and DeleteRequest")
	case r.PutRequest != nil:
		w := write{verb: verbPut, table: table, item: r.PutRequest.Item}
		return w, w.fits()
	}
	return write{verb: verbDelete, table: table, item: r.DeleteRequest.Key}, nil
}

// writeAll writes to one table. It rejects a second write to the same item.
func (d *draft) writeAll(name string, writes []write, cost *meter) error {
	t, err := d.table(name)
	if err != nil {
		return err
	}
	var keys []Item
	for _, w := range writes {
		keys = append(keys, t.schema.of(w.item))
		done, err := w.run(d.service, t)
		if err != nil {
			return err
		}
		cost.write(done, 1)
	}
	return t.checkKeys(keys)
}
