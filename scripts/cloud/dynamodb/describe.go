package dynamodb

// TableDescription describes a table. Times are in seconds since 1970.
type TableDescription struct {
	TableName                 string
	TableArn                  string
	TableId                   string
	TableStatus               string
	CreationDateTime          float64               `json:",omitzero"`
	AttributeDefinitions      []AttributeDefinition `json:",omitzero"`
	KeySchema                 []KeySchemaElement    `json:",omitzero"`
	ItemCount                 int
	TableSizeBytes            int
	BillingModeSummary        *BillingModeSummary `json:",omitempty"`
	ProvisionedThroughput     ThroughputDescription
	GlobalSecondaryIndexes    []IndexDescription `json:",omitempty"`
	LocalSecondaryIndexes     []IndexDescription `json:",omitempty"`
	DeletionProtectionEnabled bool
}

// BillingModeSummary names the billing mode. It is left out for the default.
type BillingModeSummary struct{ BillingMode string }

// ThroughputDescription describes provisioned capacity.
type ThroughputDescription struct {
	NumberOfDecreasesToday int
	ReadCapacityUnits      int64
	WriteCapacityUnits     int64
}

// IndexDescription describes a secondary index.
type IndexDescription struct {
	IndexName             string
	IndexArn              string
	IndexStatus           string `json:",omitempty"` // global only
	KeySchema             []KeySchemaElement
	Projection            IndexProjection
	ItemCount             int
	IndexSizeBytes        int
	ProvisionedThroughput *ThroughputDescription `json:",omitempty"` // global only
}

func (t *table) describe(status string) *TableDescription {
	d := &TableDescription{
		TableName:                 t.name,
		TableArn:                  t.arn(),
		TableId:                   t.id,
		TableStatus:               status,
		CreationDateTime:          float64(t.created.UnixMilli()) / 1000,
		AttributeDefinitions:      t.definitions(),
		KeySchema:                 t.schema.elements(),
		ItemCount:                 t.items.count,
		TableSizeBytes:            t.bytes,
		ProvisionedThroughput:     t.billing.describe(),
		DeletionProtectionEnabled: t.protected,
	}
	if t.billing.mode == onDemand {
		d.BillingModeSummary = &BillingModeSummary{onDemand}
	}
	for _, x := range t.indexes {
		if x.local {
			d.LocalSecondaryIndexes = append(d.LocalSecondaryIndexes, x.describe(t, status))
		} else {
			d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, x.describe(t, status))
		}
	}
	return d
}

func (x index) describe(t *table, status string) IndexDescription {
	d := IndexDescription{
		IndexName:      x.name,
		IndexArn:       t.arn() + "/index/" + x.name,
		KeySchema:      x.schema.elements(),
		Projection:     x.projection,
		ItemCount:      x.items.count,
		IndexSizeBytes: x.bytes,
	}
	if !x.local {
		d.IndexStatus = status
		d.ProvisionedThroughput = new(x.billing.describe())
	}
	return d
}

func (s keySchema) elements() []KeySchemaElement {
	elements := make([]KeySchemaElement, len(s))
	for i, a := range s {
		elements[i] = KeySchemaElement{a.name, []string{"HASH", "RANGE"}[i]}
	}
	return elements
}

func (b billing) describe() ThroughputDescription {
	return ThroughputDescription{ReadCapacityUnits: b.throughput.ReadCapacityUnits, WriteCapacityUnits: b.throughput.WriteCapacityUnits}
}
