package dynamodb

import "slices"

// selection holds the members that Query and Scan share.
type selection struct {
	TableName                 string
	IndexName                 *string
	ConsistentRead            bool
	Select                    string
	Limit                     *int
	ExclusiveStartKey         Item
	FilterExpression          *string
	ProjectionExpression      *string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues Item
	ReturnConsumedCapacity    string
}

// The values of Select.
const (
	selectAll       = "ALL_ATTRIBUTES"
	selectProjected = "ALL_PROJECTED_ATTRIBUTES"
	selectSpecific  = "SPECIFIC_ATTRIBUTES"
	selectCount     = "COUNT"
)

// reader reads a snapshot of a table or an index.
type reader struct {
	table      *table
	index      *index // nil for the table itself
	schema     keySchema
	items      tree
	scope      *scope
	filter     filter
	projection projection
	whole      bool // read whole items from the table for a local index
	keys       keyRange
	forward    bool
}

// filter is a condition and the paths that it names.
type filter struct {
	condition condition
	paths     []path
}

func (p *parser) filter() filter {
	c := p.condition()
	return filter{c, p.paths}
}

// newReader returns a reader without a table. A request's own mistakes come first, also for a table that does not exist.
func newReader(in *selection, limit func(int) string) (*reader, error) {
	few, index := "", ""
	if in.Limit != nil {
		few = limit(*in.Limit)
	}
	if in.IndexName != nil {
		index = named("indexName", *in.IndexName, minTableName)
	}
	if err := check(
		tableNamed("tableName", in.TableName), index, few, capacityAsked(in.ReturnConsumedCapacity),
		oneOf("select", in.Select, selectSpecific, selectCount, selectAll, selectProjected),
	); err != nil {
		return nil, err
	}
	sc, err := newScope(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	return &reader{scope: sc}, err
}

// open opens the table or index to read.
func (r *reader) open(s *Service, in *selection) error {
	t, err := s.table(in.TableName)
	if err != nil {
		return err
	}
	r.table, r.schema, r.items = t, t.schema, t.items
	if err := t.scalarKeys(slices.Concat(r.projection, r.filter.paths)); err != nil {
		return err
	}
	if in.IndexName == nil {
		return r.checkSelect(in.Select)
	}
	if r.index = t.index(*in.IndexName); r.index == nil {
		return invalid("The table does not have the specified index: %s", *in.IndexName)
	}
	if in.ConsistentRead && !r.index.local {
		return invalid("Consistent reads are not supported on global secondary indexes")
	}
	r.schema, r.items = r.index.schema, r.index.items
	return r.checkSelect(in.Select)
}

// parse parses the filter and the projection, and checks that every name and value is used.
func (r *reader) parse(in *selection, expressions string) error {
	var err error
	if r.filter, err = parse(r.scope, "FilterExpression", in.FilterExpression, (*parser).filter); err != nil {
		return err
	}
	if r.projection, err = parse(r.scope, "ProjectionExpression", in.ProjectionExpression, (*parser).projection); err != nil {
		return err
	}
	return r.scope.finish(expressions)
}

func (r *reader) checkSelect(what string) error {
	switch {
	case r.projection != nil && what != "" && what != selectSpecific:
		return invalid("Cannot specify the ProjectionExpression when choosing to get %s", what)
	case r.projection == nil && what == selectSpecific:
		return invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	case r.index == nil && what == selectProjected:
		return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	case r.index == nil || r.index.projection.ProjectionType == projectAll:
		return nil
	case r.index.local:
		r.whole = what == selectAll || r.projection != nil
		return nil
	case what == selectAll:
		return invalidParameter("Select type ALL_ATTRIBUTES is not supported for global secondary index %s because its projection type is not ALL", r.index.name)
	}
	return r.checkProjected()
}

// checkProjected rejects a projection of attributes that a global index does not hold.
func (r *reader) checkProjected() error {
	for _, at := range r.projection {
		name := at[0].name
		key := slices.ContainsFunc(slices.Concat(r.schema, r.table.schema), func(a keyAttribute) bool { return a.name == name })
		if !key && !slices.Contains(r.index.projection.NonKeyAttributes, name) {
			return invalidParameter("Global secondary index %s does not project [%s]", r.index.name, name)
		}
	}
	return nil
}

// visible returns what the table or index shows of an item, and its size.
func (r *reader) visible(item Item) (Item, int) {
	if r.index != nil && !r.whole {
		item = r.index.stored(r.table.schema, item)
	}
	return item, itemSize(item)
}
