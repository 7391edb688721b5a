package dynamodb

import (
	"context"
	"fmt"
	"slices"

	"example.com/localcloud/wire"
)

// UpdateTableInput is the input of UpdateTable.
type UpdateTableInput struct {
	TableName                   string
	AttributeDefinitions        []AttributeDefinition
	BillingMode                 string
	ProvisionedThroughput       *Throughput
	GlobalSecondaryIndexUpdates []IndexUpdate
	DeletionProtectionEnabled   *bool
}

// IndexUpdate is one change to a global secondary index. Exactly one member is set.
type IndexUpdate struct {
	Create *SecondaryIndex
	Update *IndexThroughput
	Delete *IndexName
}

// IndexThroughput changes the provisioned throughput of an index.
type IndexThroughput struct {
	IndexName             string
	ProvisionedThroughput *Throughput
}

// IndexName names an index.
type IndexName struct{ IndexName string }

// UpdateTable changes a table's billing, deletion protection and global secondary indexes, all at once.
func (s *Service) UpdateTable(_ context.Context, in *UpdateTableInput) (*TableDescriptionOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	var t *table
	err := s.write(func(d *draft) error {
		var err error
		if t, err = d.table(in.TableName); err != nil {
			return instead(err, noTable(in.TableName))
		}
		return t.update(in)
	})
	if err != nil {
		return nil, err
	}
	return &TableDescriptionOutput{t.describe("ACTIVE")}, nil
}

func (in *UpdateTableInput) check() error {
	violations := []string{tableNamed("tableName", in.TableName), oneOf("billingMode", in.BillingMode, provisioned, onDemand)}
	violations = append(violations, in.ProvisionedThroughput.violations("")...)
	for i, u := range in.GlobalSecondaryIndexUpdates {
		violations = append(violations, u.violations(fmt.Sprintf("globalSecondaryIndexUpdates.%d.member.", i+1))...)
	}
	if err := check(violations...); err != nil {
		return err
	}
	if in.BillingMode == "" && in.ProvisionedThroughput == nil && len(in.GlobalSecondaryIndexUpdates) == 0 && in.DeletionProtectionEnabled == nil {
		return invalid("At least one of ProvisionedThroughput, BillingMode, GlobalSecondaryIndexUpdates or DeletionProtectionEnabled is required")
	}
	online, seen := 0, map[string]bool{}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		set := 0
		for _, is := range []bool{u.Create != nil, u.Update != nil, u.Delete != nil} {
			if is {
				set++
			}
		}
		if set != 1 {
			return invalidParameter("Each GlobalSecondaryIndexUpdate must have exactly one of Create, Update and Delete")
		}
		if seen[u.name()] {
			return invalidParameter("Only one global secondary index update per index is allowed simultaneously. Index: %s", u.name())
		}
		seen[u.name()] = true
		if u.Update == nil {
			online++
		}
	}
	if online > 1 {
		return wire.Errorf(codeLimit, "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
	}
	return nil
}

func (u IndexUpdate) violations(prefix string) []string {
	switch {
	case u.Create != nil:
		return append(u.Create.ProvisionedThroughput.violations(prefix+"create."), named(prefix+"create.indexName", u.Create.IndexName, minTableName))
	case u.Update != nil:
		return append(u.Update.ProvisionedThroughput.violations(prefix+"update."), named(prefix+"update.indexName", u.Update.IndexName, minTableName),
			required(prefix+"update.provisionedThroughput", u.Update.ProvisionedThroughput == nil))
	case u.Delete != nil:
		return []string{named(prefix+"delete.indexName", u.Delete.IndexName, minTableName)}
	}
	return nil
}

// name returns the index that the update is about.
func (u IndexUpdate) name() string {
	switch {
	case u.Create != nil:
		return u.Create.IndexName
	case u.Update != nil:
		return u.Update.IndexName
	}
	return u.Delete.IndexName
}

// update applies a request. As on AWS, definitions of attributes that no key uses mean nothing here
// (scylladb/scylladb, test_gsi_updatetable), so a client may send those of every index that it is about to add.
func (t *table) update(in *UpdateTableInput) error {
	t.redefined = true
	if in.DeletionProtectionEnabled != nil {
		t.protected = *in.DeletionProtectionEnabled
	}
	if err := t.rebill(in); err != nil {
		return err
	}
	if err := checkDefinitions(in.AttributeDefinitions); err != nil {
		return err
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if err := t.updateIndex(u, in.AttributeDefinitions); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) rebill(in *UpdateTableInput) error {
	if in.BillingMode == "" && in.ProvisionedThroughput == nil {
		return nil
	}
	mode := in.BillingMode
	if mode == "" {
		mode = t.billing.mode
	}
	fresh, err := newBilling(mode, in.ProvisionedThroughput)
	if err != nil {
		return err
	}
	if mode == provisioned && fresh == t.billing {
		return invalid("The provisioned throughput for the table will not change. The requested value equals the current value.")
	}
	t.billing = fresh
	for i := range t.indexes {
		if x := &t.indexes[i]; x.billing.mode != mode {
			x.billing = fresh
		}
	}
	return nil
}

func (t *table) updateIndex(u IndexUpdate, definitions []AttributeDefinition) error {
	switch {
	case u.Create != nil:
		return t.createIndex(*u.Create, definitions)
	case u.Delete != nil:
		at, err := t.global(u.Delete.IndexName)
		if err != nil {
			return err
		}
		t.indexes = slices.Delete(t.indexes, at, at+1)
		return nil
	}
	at, err := t.global(u.Update.IndexName)
	if err != nil {
		return err
	}
	t.indexes[at].billing, err = t.billing.of(u.Update.ProvisionedThroughput)
	return err
}

// createIndex adds a global secondary index to a table that exists. The request must define the attributes of its key
// even if other keys have them, and as they are there (scylladb/scylladb, test_gsi_updatetable).
func (t *table) createIndex(in SecondaryIndex, definitions []AttributeDefinition) error {
	if t.index(in.IndexName) != nil {
		return invalid("Attempting to create an index which already exists")
	}
	for _, d := range definitions {
		for _, known := range t.definitions() {
			if d.AttributeName == known.AttributeName && d != known {
				return invalidParameter("Attributes cannot be redefined. Please check that your attribute has the same type as previously defined: %s", d.AttributeName)
			}
		}
	}
	return t.addIndex(in, false, definitions)
}

// global returns the position of a global secondary index.
func (t *table) global(name string) (int, error) {
	at := slices.IndexFunc(t.indexes, func(x index) bool { return x.name == name && !x.local })
	if at < 0 {
		return 0, noResource(t.arn() + "/index/" + name)
	}
	return at, nil
}
