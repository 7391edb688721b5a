package dynamodb

import (
	"fmt"
	"slices"
	"strings"
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

// newSchema validates a key schema against the attribute definitions.
func newSchema(elements []KeySchemaElement, definitions []AttributeDefinition) (keySchema, error) {
	if err := checkElements(elements); err != nil {
		return nil, err
	}
	var schema keySchema
	for i, e := range elements {
		if e.KeyType != []string{"HASH", "RANGE"}[i] {
			return nil, invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type, or what follows is not a RANGE")
		}
		at := slices.IndexFunc(definitions, func(d AttributeDefinition) bool { return d.AttributeName == e.AttributeName })
		if at < 0 {
			return nil, invalidParameter("Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: %v", e.AttributeName, names(definitions))
		}
		schema = append(schema, keyAttribute{e.AttributeName, definitions[at].AttributeType})
	}
	switch {
	case len(schema) == 1 || schema[0].name != schema[1].name:
		return schema, nil
	case len(definitions) == 1: // paritysuite/dynamodb-conformance, tier 3, CreateTable
		return nil, invalid("Invalid KeySchema: Some index key attribute have no definition")
	}
	return nil, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
}

func checkElements(elements []KeySchemaElement) error {
	var shown, violations []string
	for i, e := range elements {
		shown = append(shown, fmt.Sprintf("KeySchemaElement(attributeName=%s, keyType=%s)", e.AttributeName, e.KeyType))
		at := fmt.Sprintf("keySchema.%d.member.", i+1)
		violations = append(violations, ofLength(at+"attributeName", e.AttributeName, 1, maxName),
			required(at+"keyType", e.KeyType == ""), oneOf(at+"keyType", e.KeyType, "HASH", "RANGE"))
	}
	return check(append(violations, within("keySchema", quoted("["+strings.Join(shown, ", ")+"]"), "length", len(elements), 1, 2))...)
}

func names(definitions []AttributeDefinition) []string {
	var all []string
	for _, d := range definitions {
		all = append(all, d.AttributeName)
	}
	return all
}

func checkDefinitions(definitions []AttributeDefinition) error {
	var violations []string
	seen := map[string]bool{}
	for i, d := range definitions {
		at := fmt.Sprintf("attributeDefinitions.%d.member.", i+1)
		violations = append(violations, ofLength(at+"attributeName", d.AttributeName, 1, maxName), required(at+"attributeType", d.AttributeType == ""),
			oneOf(at+"attributeType", string(d.AttributeType), string(KindBinary), string(KindNumber), string(KindString)))
	}
	if err := check(violations...); err != nil {
		return err
	}
	for _, d := range definitions {
		if seen[d.AttributeName] {
			return invalidParameter("Duplicate AttributeName in AttributeDefinitions: %s", d.AttributeName)
		}
		seen[d.AttributeName] = true
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
