package dynamodb

import "slices"

// maxKey holds the limits of a partition key and of a sort key, in bytes.
var maxKey = [2]int{2048, 1024}

var errKeySchema = invalid("The provided key element does not match the schema")

// checkKey validates a key in a request. It must have exactly the attributes of the schema.
func (s keySchema) checkKey(key Item) error {
	for _, a := range s {
		if v := key[a.name]; v == nil || v.kind() != a.kind || len(key) != len(s) {
			return errKeySchema
		}
	}
	return s.checkValues(key)
}

// checkItem validates the key attributes of a whole item.
func (s keySchema) checkItem(item Item) error {
	for _, a := range s {
		v := item[a.name]
		if v == nil {
			return invalidParameter("Missing the key %s in the item", a.name)
		}
		if v.kind() != a.kind {
			return invalidParameter("Type mismatch for key %s expected: %s actual: %s", a.name, a.kind, v.kind())
		}
	}
	return s.checkValues(item)
}

func (s keySchema) checkValues(item Item) error {
	for _, a := range s {
		if empty := emptyKind(item[a.name]); empty != "" {
			return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s", empty, a.name)
		}
	}
	if item[s[0].name].size() > maxKey[0] {
		return invalidParameter("Size of hashkey has exceeded the maximum size limit of%d bytes", maxKey[0])
	}
	if len(s) > 1 && item[s[1].name].size() > maxKey[1] {
		return invalidParameter("Aggregated size of all range keys has exceeded the size limit of %d bytes", maxKey[1])
	}
	return nil
}

// scalarKeys rejects paths into the key of a table or index (dynalite's getItem.js, scan.js, query.js and updateItem.js,
// which also run against AWS).
func (t *table) scalarKeys(paths []path) error {
	for _, p := range paths {
		if len(p) == 1 {
			continue
		}
		role := ""
		for _, x := range t.indexes {
			if x.schema.names(p[0].name) {
				role = "IndexKey"
			}
		}
		if t.schema.names(p[0].name) {
			role = "Key"
		}
		if role != "" {
			return invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: %s: %s", role, p[0].name)
		}
	}
	return nil
}

// names reports whether an attribute is part of the key.
func (s keySchema) names(attribute string) bool {
	return slices.ContainsFunc(s, func(a keyAttribute) bool { return a.name == attribute })
}

// checkIndex validates the attributes of an index's key in an item. An item that lacks some stays out of the index.
func (s keySchema) checkIndex(index string, item Item) error {
	present := 0
	for _, a := range s {
		v := item[a.name]
		if v == nil {
			continue
		}
		present++
		if v.kind() != a.kind {
			return invalidParameter("Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s", a.name, a.kind, v.kind(), index)
		}
		if empty := emptyKind(v); empty != "" {
			return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. "+
				"The AttributeValue for a key attribute cannot contain an empty %s value. IndexName: %s, IndexKey: %s", empty, index, a.name)
		}
	}
	if present < len(s) {
		return nil
	}
	return s.checkValues(item)
}

func emptyKind(v Value) string {
	switch v {
	case String(""):
		return "string"
	case Binary(""):
		return "binary"
	}
	return ""
}
