package dynamodb

import (
	"context"
	"fmt"
	"time"

	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// CreateTableInput is the input of CreateTable.
type CreateTableInput struct {
	TableName                 string
	AttributeDefinitions      []AttributeDefinition
	KeySchema                 []KeySchemaElement
	LocalSecondaryIndexes     []SecondaryIndex
	GlobalSecondaryIndexes    []SecondaryIndex
	BillingMode               string
	ProvisionedThroughput     *Throughput
	DeletionProtectionEnabled bool
	Tags                      []Tag
}

// TableInput names a table.
type TableInput struct{ TableName string }

// TableDescriptionOutput is the output of CreateTable, UpdateTable and DeleteTable.
type TableDescriptionOutput struct{ TableDescription *TableDescription }

// DescribeTableOutput is the output of DescribeTable.
type DescribeTableOutput struct{ Table *TableDescription }

// CreateTable creates a table, which is ACTIVE at once.
func (s *Service) CreateTable(_ context.Context, in *CreateTableInput) (*TableDescriptionOutput, error) {
	t, err := newTable(in)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tables[t.name] != nil {
		return nil, wire.Errorf(codeInUse, "Table already exists: %s", t.name)
	}
	s.tables[t.name] = t
	t.kept, t.redefined = s.journal != nil, true
	s.journal.Save(t.takeChanges()...)
	return &TableDescriptionOutput{t.describe("ACTIVE")}, nil
}

func newTable(in *CreateTableInput) (*table, error) {
	name, err := localName(in.TableName)
	if err != nil {
		return nil, err
	}
	violations := []string{named("tableName", name, minTableName), oneOf("billingMode", in.BillingMode, provisioned, onDemand)}
	violations = append(violations, in.ProvisionedThroughput.violations("")...)
	for i, x := range in.GlobalSecondaryIndexes {
		violations = append(violations, x.ProvisionedThroughput.violations(fmt.Sprintf("globalSecondaryIndexes.%d.member.", i+1))...)
	}
	if err := check(violations...); err != nil {
		return nil, err
	}
	t := &table{name: name, id: requestid.New(), created: time.Now(), protected: in.DeletionProtectionEnabled}
	if err := checkDefinitions(in.AttributeDefinitions); err != nil {
		return nil, err
	}
	if t.schema, err = newSchema(in.KeySchema, in.AttributeDefinitions); err != nil {
		return nil, err
	}
	if t.billing, err = newBilling(in.BillingMode, in.ProvisionedThroughput); err != nil {
		return nil, err
	}
	if t.tags, err = addTags(nil, in.Tags); err != nil {
		return nil, err
	}
	for _, x := range in.LocalSecondaryIndexes {
		if x.ProvisionedThroughput != nil {
			return nil, unknownMember("ProvisionedThroughput")
		}
		if err := t.addIndex(x, true, in.AttributeDefinitions); err != nil {
			return nil, err
		}
	}
	for _, x := range in.GlobalSecondaryIndexes {
		if err := t.addIndex(x, false, in.AttributeDefinitions); err != nil {
			return nil, err
		}
	}
	return t, t.allUsed(in.AttributeDefinitions)
}

// DescribeTable describes a table.
func (s *Service) DescribeTable(_ context.Context, in *TableInput) (*DescribeTableOutput, error) {
	t, err := s.existing(in.TableName)
	if err != nil {
		return nil, err
	}
	return &DescribeTableOutput{t.describe("ACTIVE")}, nil
}

// existing returns the table that a request names. Its errors name the table.
func (s *Service) existing(nameOrARN string) (*table, error) {
	if err := check(tableNamed("tableName", nameOrARN)); err != nil {
		return nil, err
	}
	t, err := s.table(nameOrARN)
	return t, instead(err, noTable(nameOrARN))
}

// DeleteTable removes a table and its items at once.
func (s *Service) DeleteTable(_ context.Context, in *TableInput) (*TableDescriptionOutput, error) {
	if err := check(tableNamed("tableName", in.TableName)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.current(in.TableName)
	if err != nil {
		return nil, instead(err, noTable(in.TableName))
	}
	if t.protected {
		return nil, invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
	}
	delete(s.tables, t.name)
	s.forget(t)
	d := t.describe("DELETING") // which AWS describes without its schema (scylladb/scylladb, test_delete_table_description)
	d.CreationDateTime, d.AttributeDefinitions, d.KeySchema, d.GlobalSecondaryIndexes, d.LocalSecondaryIndexes = 0, nil, nil, nil, nil
	return &TableDescriptionOutput{d}, nil
}
