package dynamodb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestTables(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S pos:N", global("by-kind", "kind:S", projectRank), local("by-score", "id:S score:N", projectAll))
	put(t, c, "things", plain{"id": "x", "pos": 10, "kind": "a"}, plain{"id": "x", "pos": 2, "score": 1})
	d := must[*sdk.DescribeTableOutput](t)(c.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: text("arn:aws:dynamodb:us-east-1:000000000000:table/things")})).Table
	wantSame(t, "ACTIVE things arn:aws:dynamodb:us-east-1:000000000000:table/things PAY_PER_REQUEST 2 items",
		fmt.Sprintf("%s %s %s %s %d items", d.TableStatus, *d.TableName, *d.TableArn, d.BillingModeSummary.BillingMode, *d.ItemCount))
	wantSame(t, int64(len("idxpos")+2+len("kinda")+len("idxpos")+2+len("score")+2), *d.TableSizeBytes)
	wantSame(t, "by-kind ACTIVE 1 INCLUDE [score] by-score 1 ALL", fmt.Sprintf("%s %s %d %s %v %s %d %s",
		*d.GlobalSecondaryIndexes[0].IndexName, d.GlobalSecondaryIndexes[0].IndexStatus, *d.GlobalSecondaryIndexes[0].ItemCount, d.GlobalSecondaryIndexes[0].Projection.ProjectionType, d.GlobalSecondaryIndexes[0].Projection.NonKeyAttributes,
		*d.LocalSecondaryIndexes[0].IndexName, *d.LocalSecondaryIndexes[0].ItemCount, d.LocalSecondaryIndexes[0].Projection.ProjectionType))
	if age := time.Since(*d.CreationDateTime); age < 0 || age > time.Minute {
		t.Errorf("created %v ago", age)
	}

	_, err := c.CreateTable(t.Context(), &sdk.CreateTableInput{TableName: text("things"), KeySchema: d.KeySchema, AttributeDefinitions: d.AttributeDefinitions[:0], BillingMode: "PAY_PER_REQUEST"})
	wantFailure(t, err, invalid+"One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: []")
	gone := must[*sdk.DeleteTableOutput](t)(c.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: text("things")}))
	wantSame(t, types.TableStatusDeleting, gone.TableDescription.TableStatus)
	if g := gone.TableDescription; g.KeySchema != nil || g.AttributeDefinitions != nil || g.CreationDateTime != nil || g.GlobalSecondaryIndexes != nil || g.LocalSecondaryIndexes != nil {
		t.Errorf("DeleteTable describes more than AWS does: %+v", *g)
	}
	_, err = c.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: text("things")})
	wantFailure(t, err, "ResourceNotFoundException: Requested resource not found: Table: things not found")
	_, err = c.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: text("things")})
	wantFailure(t, err, "ResourceNotFoundException: Requested resource not found: Table: things not found")
	table(t, c, "things", "id:S")
	wantSame(t, plain(nil), get(t, c, "things", plain{"id": "x"}))
}

func TestTableDefinitionsAreChecked(t *testing.T) {
	_, c := start(t)
	table(t, c, "there", "id:S")
	const parameter = invalid + "One or more parameter values were invalid: "
	type in = sdk.CreateTableInput
	for _, test := range []struct {
		name, key string
		change    func(*in)
		failure   string
	}{
		{"there", "id:S", func(*in) {}, "ResourceInUseException: Table already exists: there"},
		{"a b", "id:S", func(*in) {}, invalid + "1 validation error detected: Value 'a b' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
		{"ab", "id:S", func(*in) {}, invalid + "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3"},
		{"arn:aws:dynamodb:eu-west-1:000000000000:table/new", "id:S", func(*in) {}, invalid + "1 validation error detected: Invalid AWS region in 'arn:aws:dynamodb:eu-west-1:000000000000:table/new'"},
		{"new", "id:BOOL", func(*in) {}, invalid + "1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]"},
		{"new", "a:S b:S c:S", func(*in) {}, invalid + "1 validation error detected: Value '[KeySchemaElement(attributeName=a, keyType=HASH), KeySchemaElement(attributeName=b, keyType=RANGE), KeySchemaElement(attributeName=c, keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2"},
		{"new", "a:S b:S", func(i *in) { i.KeySchema[1].KeyType = "HASH" }, invalid + "Invalid KeySchema: The first KeySchemaElement is not a HASH key type, or what follows is not a RANGE"},
		{"new", "a:S", func(i *in) { i.KeySchema[0].KeyType = "DOG" }, invalid + "1 validation error detected: Value 'DOG' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]"},
		{"new", "a:S a:S", func(i *in) { i.AttributeDefinitions = i.AttributeDefinitions[:1] }, invalid + "Invalid KeySchema: Some index key attribute have no definition"},
		{"new", "a:S a:N", func(*in) {}, parameter + "Duplicate AttributeName in AttributeDefinitions: a"},
		{"new", strings.Repeat("n", 256) + ":S", func(*in) {}, invalid + "1 validation error detected: Value '" + strings.Repeat("n", 256) + "' at 'attributeDefinitions.1.member.attributeName' failed to satisfy constraint: Member must have length less than or equal to 255"},
		{"new", "id:S", func(i *in) { _, more := schema("z:S"); define(i, more) }, parameter + "Some AttributeDefinitions are not used. AttributeDefinitions: [id z], keys used: [id]"},
		{"new", "id:S", func(i *in) { i.BillingMode = "" }, parameter + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"},
		{"new", "id:S", func(i *in) {
			i.ProvisionedThroughput = &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)}
		}, parameter + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
		{"new", "id:S", func(i *in) {
			i.BillingMode, i.ProvisionedThroughput = "PROVISIONED", &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(0), WriteCapacityUnits: aws.Int64(1)}
		}, invalid + "1 validation error detected: Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"new", "id:S", local("lsi", "id:S x:N", projectAll), parameter + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"},
		{"new", "id:S pos:N", local("lsi", "pos:N x:N", projectAll), parameter + "Index KeySchema does not have a range key, or its hash key is not the table's, for index: lsi"},
		{"new", "id:S", func(i *in) { global("gsi", "x:S", projectAll)(i); global("gsi", "x:S", projectAll)(i) }, parameter + "Duplicate index name: gsi"},
		{"new", "id:S", global("gsi", "x:S", &types.Projection{}), parameter + "Unknown ProjectionType: null"},
		{"new", "id:S", global("gsi", "x:S", &types.Projection{ProjectionType: "INCLUDE"}), parameter + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"},
		{"new", "id:S", global("gsi", "x:S", &types.Projection{ProjectionType: "ALL", NonKeyAttributes: []string{"a"}}), parameter + "ProjectionType is ALL, but NonKeyAttributes is specified"},
		{"new", "id:S", global("gsi", "x:S", &types.Projection{ProjectionType: "INCLUDE", NonKeyAttributes: []string{"a", "a"}}), parameter + "Duplicate non-key attribute name: a"},
		{"new", "id:S", global("gsi", "x:S", &types.Projection{ProjectionType: "INCLUDE", NonKeyAttributes: []string{""}}), invalid + "1 validation error detected: Value '' at 'projection.nonKeyAttributes.1.member' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"new", "id:S", func(i *in) { i.BillingMode = "DOG" }, invalid + "1 validation error detected: Value 'DOG' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"},
		{"new", "id:S", func(i *in) {
			for n := range 21 {
				global(fmt.Sprint("gsi", n), "x:S", projectAll)(i)
			}
		}, parameter + "GlobalSecondaryIndex count exceeds the per-table limit of 20"},
		{"new", "id:S pos:N", func(i *in) {
			for n := range 6 {
				local(fmt.Sprint("lsi", n), "id:S x:N", projectAll)(i)
			}
		}, parameter + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"},
	} {
		i := &in{TableName: &test.name, BillingMode: "PAY_PER_REQUEST"}
		i.KeySchema, i.AttributeDefinitions = schema(test.key)
		test.change(i)
		_, err := c.CreateTable(t.Context(), i)
		wantFailure(t, err, test.failure)
	}
}

func TestListTables(t *testing.T) {
	_, c := start(t)
	for i := range 103 {
		table(t, c, fmt.Sprintf("table-%03d", 102-i), "id:S")
	}
	var sizes []int
	last := ""
	for pages := sdk.NewListTablesPaginator(c, &sdk.ListTablesInput{}); pages.HasMorePages(); {
		page := must[*sdk.ListTablesOutput](t)(pages.NextPage(t.Context()))
		sizes, last = append(sizes, len(page.TableNames)), page.TableNames[len(page.TableNames)-1]
	}
	wantSame(t, []int{100, 3}, sizes)
	wantSame(t, "table-102", last)
	_, err := c.ListTables(t.Context(), &sdk.ListTablesInput{Limit: aws.Int32(101)})
	wantFailure(t, err, invalid+"1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100")
}
