package dynamodb

import "example.com/localcloud/bill"

// maxPage is the most that Query or Scan reads for a page, in bytes.
const maxPage = 1 << 20

// PageOutput is the output of Query and Scan.
type PageOutput struct {
	Items            []Item `json:",omitzero"`
	Count            int
	ScannedCount     int
	LastEvaluatedKey Item              `json:",omitzero"`
	ConsumedCapacity *ConsumedCapacity `json:",omitempty"`
}

// page reads one page, beginning after the exclusive start key. The limit counts items before the filter.
func (r *reader) page(to *bill.Meter, in *selection, outside string) (*PageOutput, error) {
	if err := r.startAfter(in.ExclusiveStartKey, outside); err != nil {
		return nil, err
	}
	out, size, cost := &PageOutput{Items: []Item{}}, 0, meter{bill: to, asked: in.ReturnConsumedCapacity}
	indexed := 0 // bytes read of the index when every item is fetched from the table
	var last Item
	for _, found := range r.items.between(r.keys.low, r.keys.high, r.forward) {
		whole := found.item()
		item, bytes := r.visible(whole)
		if out.ScannedCount > 0 && size+bytes > maxPage {
			out.LastEvaluatedKey = r.startKey(last)
			break
		}
		size, last = size+bytes, whole
		if r.whole {
			indexed += r.index.storedSize(r.table.schema, whole)
			cost.read(r.table, nil, readUnits(bytes, in.ConsistentRead))
		}
		out.add(r, item)
		if in.Limit != nil && out.ScannedCount == *in.Limit {
			out.LastEvaluatedKey = r.startKey(last)
			break
		}
	}
	if in.Select == selectCount {
		out.Items = nil
	}
	if r.whole {
		size = indexed
	}
	cost.read(r.table, r.index, readUnits(size, in.ConsistentRead))
	out.ConsumedCapacity = cost.one()
	return out, nil
}

func (out *PageOutput) add(r *reader, item Item) {
	out.ScannedCount++
	if r.filter.condition == nil || r.filter.condition.holds(item) {
		out.Count++
		out.Items = append(out.Items, r.projection.of(item))
	}
}

// startKey returns the exclusive start key for the page after an item.
func (r *reader) startKey(item Item) Item {
	key := r.table.schema.of(item)
	for _, a := range r.schema {
		key[a.name] = item[a.name]
	}
	return key
}

// startAfter narrows the range to what follows a key.
func (r *reader) startAfter(start Item, outside string) error {
	if start == nil {
		return nil
	}
	if len(start) != len(r.startKey(start)) {
		return invalid("The provided starting key is invalid")
	}
	for _, schema := range []keySchema{r.table.schema, r.schema} {
		if err := schema.checkKey(schema.of(start)); err != nil {
			return invalid("The provided starting key is invalid: %v", err.Error())
		}
	}
	at := r.schema.encode(start)
	if r.index != nil {
		at += r.table.schema.encode(start)
	}
	if at < r.keys.low || r.keys.high != "" && at >= r.keys.high {
		return invalid("%s", outside)
	}
	if r.forward {
		r.keys.low = at + "\x00"
	} else {
		r.keys.high = at
	}
	return nil
}
