package dynamodb

import (
	"context"
	"strings"
)

// PutItemInput is the input of PutItem.
type PutItemInput struct {
	TableName              string
	Item                   Item
	ReturnValues           string
	ReturnConsumedCapacity string
	expressions
}

// DeleteItemInput is the input of DeleteItem.
type DeleteItemInput struct {
	TableName              string
	Key                    Item
	ReturnValues           string
	ReturnConsumedCapacity string
	expressions
}

// UpdateItemInput is the input of UpdateItem.
type UpdateItemInput struct {
	TableName              string
	Key                    Item
	UpdateExpression       *string
	ReturnValues           string
	ReturnConsumedCapacity string
	expressions
}

// WriteItemOutput is the output of PutItem, UpdateItem and DeleteItem.
type WriteItemOutput struct {
	Attributes       Item              `json:",omitzero"`
	ConsumedCapacity *ConsumedCapacity `json:",omitempty"`
}

// PutItem stores an item and replaces the one with the same key.
func (s *Service) PutItem(_ context.Context, in *PutItemInput) (*WriteItemOutput, error) {
	w := write{verb: verbPut, table: in.TableName, item: in.Item}
	return s.writeItem(w, in.expressions, nil, in.ReturnValues, in.ReturnConsumedCapacity)
}

// DeleteItem removes the item with the given key.
func (s *Service) DeleteItem(_ context.Context, in *DeleteItemInput) (*WriteItemOutput, error) {
	w := write{verb: verbDelete, table: in.TableName, item: in.Key}
	return s.writeItem(w, in.expressions, nil, in.ReturnValues, in.ReturnConsumedCapacity)
}

// UpdateItem changes the item with the given key, or creates it.
func (s *Service) UpdateItem(_ context.Context, in *UpdateItemInput) (*WriteItemOutput, error) {
	w := write{verb: verbUpdate, table: in.TableName, item: in.Key}
	return s.writeItem(w, in.expressions, in.UpdateExpression, in.ReturnValues, in.ReturnConsumedCapacity)
}

func (s *Service) writeItem(w write, e expressions, update *string, values, capacity string) (*WriteItemOutput, error) {
	if err := check(
		tableNamed("tableName", w.table), required(w.verb.member(), w.item == nil), capacityAsked(capacity), e.shown(""),
		oneOf("returnValues", values, "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"),
	); err != nil {
		return nil, err
	}
	if w.verb != verbUpdate && (values == "ALL_NEW" || strings.HasPrefix(values, "UPDATED_")) {
		return nil, invalid("Return values set to invalid value")
	}
	w, err := e.prepare(w, update)
	if err != nil {
		return nil, err
	}
	if err := w.fits(); err != nil {
		return nil, err
	}
	var done effect
	err = s.write(func(d *draft) error {
		t, err := d.table(w.table)
		if err != nil {
			return err
		}
		done, err = w.run(s, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	cost := meter{bill: s.Bill, asked: capacity}
	cost.write(done, 1)
	return &WriteItemOutput{Attributes: w.returned(values, done), ConsumedCapacity: cost.one()}, nil
}

// returned returns the attributes that ReturnValues asks for.
func (w write) returned(values string, done effect) Item {
	switch values {
	case "ALL_OLD":
		return done.old
	case "ALL_NEW":
		return done.new
	case "UPDATED_OLD":
		return w.updated(done.old)
	case "UPDATED_NEW":
		return w.updated(done.new)
	}
	return nil
}

// updated returns the attributes that the update expression names.
func (w write) updated(item Item) Item {
	if w.update == nil || item == nil {
		return nil
	}
	if kept := projection(w.update.paths()).of(item); len(kept) > 0 {
		return kept
	}
	return nil
}
