package dynamodb

import "context"

// reading holds the members that all reads by key share.
type reading struct {
	ProjectionExpression     *string
	ExpressionAttributeNames map[string]string
}

func (r reading) projection() (projection, error) {
	s, err := newScope(r.ExpressionAttributeNames, nil)
	if err != nil {
		return nil, err
	}
	p, err := parse(s, "ProjectionExpression", r.ProjectionExpression, (*parser).projection)
	if err != nil {
		return nil, err
	}
	return p, s.finish("")
}

// GetItemInput is the input of GetItem.
type GetItemInput struct {
	TableName              string
	Key                    Item
	ConsistentRead         bool
	ReturnConsumedCapacity string
	reading
}

// GetItemOutput is the output of GetItem.
type GetItemOutput struct {
	Item             Item              `json:",omitzero"`
	ConsumedCapacity *ConsumedCapacity `json:",omitempty"`
}

// GetItem returns the item with the given key. Every read here is consistent.
func (s *Service) GetItem(_ context.Context, in *GetItemInput) (*GetItemOutput, error) {
	if err := check(tableNamed("tableName", in.TableName), required("key", in.Key == nil), capacityAsked(in.ReturnConsumedCapacity)); err != nil {
		return nil, err
	}
	p, err := in.projection()
	if err != nil {
		return nil, err
	}
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.schema.checkKey(in.Key); err != nil {
		return nil, err
	}
	if err := t.scalarKeys(p); err != nil {
		return nil, err
	}
	item := t.get(in.Key)
	cost := meter{bill: s.Bill, asked: in.ReturnConsumedCapacity}
	cost.read(t, nil, readUnits(itemSize(item), in.ConsistentRead))
	return &GetItemOutput{Item: p.of(item), ConsumedCapacity: cost.one()}, nil
}
