package dynamodb

import (
	"context"
	"slices"
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
	var t *table
	err := s.write(func(d *draft) error {
		var err error
		if t, err = d.table(in.TableName); err != nil {
			return noTable(in.TableName)
		}
		return t.update(in)
	})
	if err != nil {
		return nil, err
	}
	return &TableDescriptionOutput{t.describe("ACTIVE")}, nil
}

func (t *table) update(in *UpdateTableInput) error {
	if in.BillingMode == "" && in.ProvisionedThroughput == nil && in.GlobalSecondaryIndexUpdates == nil && in.DeletionProtectionEnabled == nil {
		return invalid("At least one of ProvisionedThroughput, BillingMode, GlobalSecondaryIndexUpdates or DeletionProtectionEnabled is required")
	}
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
	return t.allUsed(in.AttributeDefinitions)
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
		return t.addIndex(*u.Create, false, append(t.definitions(), definitions...))
	case u.Delete != nil:
		at, err := t.global(u.Delete.IndexName)
		if err != nil {
			return err
		}
		t.indexes = slices.Delete(t.indexes, at, at+1)
		return nil
	case u.Update != nil:
		at, err := t.global(u.Update.IndexName)
		if err != nil {
			return err
		}
		t.indexes[at].billing, err = t.billing.of(u.Update.ProvisionedThroughput)
		return err
	}
	return invalid("One of Create, Update or Delete is required in a GlobalSecondaryIndexUpdate")
}

// global returns the position of a global secondary index.
func (t *table) global(name string) (int, error) {
	at := slices.IndexFunc(t.indexes, func(x index) bool { return x.name == name && !x.local })
	if at < 0 {
		return 0, noResource(t.arn() + "/index/" + name)
	}
	return at, nil
}
