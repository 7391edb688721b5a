package dynamodb

import (
	"regexp"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// AttributeDefinition names an attribute of a key and its type.
type AttributeDefinition struct {
	AttributeName string
	AttributeType Kind
}

// KeySchemaElement names a key attribute and its role: HASH or RANGE.
type KeySchemaElement struct {
	AttributeName string
	KeyType       string
}

// Throughput is provisioned capacity, in units a second.
type Throughput struct {
	ReadCapacityUnits  int64
	WriteCapacityUnits int64
}

// SecondaryIndex describes a secondary index to create.
type SecondaryIndex struct {
	IndexName             string
	KeySchema             []KeySchemaElement
	Projection            *IndexProjection
	ProvisionedThroughput *Throughput
}

// Limits of tables.
const (
	maxGlobalIndexes = 20
	maxLocalIndexes  = 5
	maxName          = 255 // bytes of a key attribute's name
)

var validName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`)

// tableName returns the name of a table that is given by name or ARN.
func tableName(nameOrARN string) string {
	if _, name, ok := strings.Cut(nameOrARN, ":table/"); ok {
		return name
	}
	return nameOrARN
}

func checkName(member, name string) error {
	if validName.MatchString(name) {
		return nil
	}
	return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+, and be of 3 to 255 characters", name, member)
}

// newSchema validates a key schema against the attribute definitions.
func newSchema(elements []KeySchemaElement, definitions []AttributeDefinition) (keySchema, error) {
	var schema keySchema
	for i, e := range elements {
		if i > 1 || e.KeyType != []string{"HASH", "RANGE"}[i] {
			return nil, invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type, or what follows is not a single RANGE")
		}
		at := slices.IndexFunc(definitions, func(d AttributeDefinition) bool { return d.AttributeName == e.AttributeName })
		if at < 0 {
			return nil, invalidParameter("Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: %v", e.AttributeName, names(definitions))
		}
		schema = append(schema, keyAttribute{e.AttributeName, definitions[at].AttributeType})
	}
	switch {
	case len(schema) == 0:
		return nil, invalid("1 validation error detected: Value '[]' at 'keySchema' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case len(schema) == 2 && schema[0].name == schema[1].name:
		return nil, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	}
	return schema, nil
}

func names(definitions []AttributeDefinition) []string {
	var all []string
	for _, d := range definitions {
		all = append(all, d.AttributeName)
	}
	return all
}

func checkDefinitions(definitions []AttributeDefinition) error {
	for _, d := range definitions {
		if len(d.AttributeName) < 1 || len(d.AttributeName) > maxName {
			return invalid("1 validation error detected: Value '%s' at 'attributeDefinitions.1.member.attributeName' failed to satisfy constraint: Member must have length between 1 and %d", d.AttributeName, maxName)
		}
		if !slices.Contains([]Kind{KindBinary, KindNumber, KindString}, d.AttributeType) {
			return invalid("1 validation error detected: Value '%s' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]", d.AttributeType)
		}
	}
	return nil
}

// allUsed rejects definitions of attributes that belong to no key.
func (t *table) allUsed(definitions []AttributeDefinition) error {
	used := t.definitions()
	for _, d := range definitions {
		if !slices.Contains(used, d) {
			return invalidParameter("Some AttributeDefinitions are not used. AttributeDefinitions: %v, keys used: %v", names(definitions), names(used))
		}
	}
	return nil
}

// definitions returns the attributes of all keys, sorted.
func (t *table) definitions() []AttributeDefinition {
	var all []AttributeDefinition
	add := func(s keySchema) {
		for _, a := range s {
			all = append(all, AttributeDefinition{a.name, a.kind})
		}
	}
	add(t.schema)
	for _, x := range t.indexes {
		add(x.schema)
	}
	slices.SortFunc(all, func(a, b AttributeDefinition) int { return strings.Compare(a.AttributeName, b.AttributeName) })
	return slices.Compact(all)
}

func (t *table) arn() string { return tableARN(t.name) }

func tableARN(name string) string { return wire.ARN("dynamodb", "table/"+tableName(name)) }
