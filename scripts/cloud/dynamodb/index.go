package dynamodb

// index is a secondary index.
type index struct {
	name       string
	local      bool
	schema     keySchema
	projection IndexProjection
	billing    billing
	items      tree
	bytes      int
}

// place returns an item's key in the index. The item's table key makes it unique. It returns "" if the item lacks the
// index's key.
func (x *index) place(key string, item Item) string {
	if !x.schema.has(item) {
		return ""
	}
	return x.schema.encode(item) + key
}

// storedSize returns the size of what the index holds of an item.
func (x *index) storedSize(primary keySchema, item Item) int {
	if !x.schema.has(item) {
		return 0
	}
	return itemSize(x.stored(primary, item))
}

// stored returns what the index holds of an item.
func (x *index) stored(primary keySchema, item Item) Item {
	if x.projection.ProjectionType == projectAll {
		return item
	}
	return x.projection.of(primary, x.schema, item)
}

func (t *table) index(name string) *index {
	for i := range t.indexes {
		if t.indexes[i].name == name {
			return &t.indexes[i]
		}
	}
	return nil
}

// newIndex validates and returns a secondary index of a table.
func newIndex(in SecondaryIndex, local bool, t *table, definitions []AttributeDefinition) (index, error) {
	x := index{name: in.IndexName, local: local}
	if err := check(named("indexName", in.IndexName, minTableName)); err != nil {
		return x, err
	}
	if t.index(in.IndexName) != nil {
		return x, invalidParameter("Duplicate index name: %s", in.IndexName)
	}
	var err error
	if x.schema, err = newSchema(in.KeySchema, definitions); err != nil {
		return x, err
	}
	if local && len(t.schema) < 2 {
		return x, invalidParameter("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
	}
	if local && (len(x.schema) < 2 || x.schema[0] != t.schema[0]) {
		return x, invalidParameter("Index KeySchema does not have a range key, or its hash key is not the table's, for index: %s", in.IndexName)
	}
	if err := checkProjection(in.Projection); err != nil {
		return x, err
	}
	x.projection = *in.Projection
	if !local {
		x.billing, err = t.billing.of(in.ProvisionedThroughput)
	}
	return x, err
}

// addIndex adds an index and fills it with the table's items.
func (t *table) addIndex(in SecondaryIndex, local bool, definitions []AttributeDefinition) error {
	x, err := newIndex(in, local, t, definitions)
	if err != nil {
		return err
	}
	count := 1
	for _, other := range t.indexes {
		if other.local == local {
			count++
		}
	}
	switch {
	case local && count > maxLocalIndexes:
		return invalidParameter("Number of LocalSecondaryIndexes exceeds per-table limit of %d", maxLocalIndexes)
	case !local && count > maxGlobalIndexes:
		return invalidParameter("GlobalSecondaryIndex count exceeds the per-table limit of %d", maxGlobalIndexes)
	}
	for key, r := range t.items.between("", "", true) {
		item := r.item()
		x.items = x.items.move("", x.place(key, item), r)
		x.bytes += x.storedSize(t.schema, item)
	}
	t.indexes = append(t.indexes, x)
	return nil
}
