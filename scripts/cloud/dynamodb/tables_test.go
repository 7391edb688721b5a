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
		{"a b", "id:S", func(*in) {}, invalid + "1 validation error detected: Value 'a b' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+, and be of 3 to 255 characters"},
		{"new", "id:BOOL", func(*in) {}, invalid + "1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]"},
		{"new", "a:S b:S c:S", func(*in) {}, invalid + "Invalid KeySchema: The first KeySchemaElement is not a HASH key type, or what follows is not a single RANGE"},
		{"new", "a:S a:S", func(*in) {}, invalid + "Both the Hash Key and the Range Key element in the KeySchema have the same name"},
		{"new", strings.Repeat("n", 256) + ":S", func(*in) {}, invalid + "1 validation error detected: Value '" + strings.Repeat("n", 256) + "' at 'attributeDefinitions.1.member.attributeName' failed to satisfy constraint: Member must have length between 1 and 255"},
		{"new", "id:S", func(i *in) { _, more := schema("z:S"); define(i, more) }, parameter + "Some AttributeDefinitions are not used. AttributeDefinitions: [id z], keys used: [id]"},
		{"new", "id:S", func(i *in) { i.BillingMode = "" }, parameter + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"},
		{"new", "id:S", func(i *in) {
			i.ProvisionedThroughput = &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)}
		}, parameter + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
		{"new", "id:S", func(i *in) {
			i.BillingMode, i.ProvisionedThroughput = "PROVISIONED", &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(0), WriteCapacityUnits: aws.Int64(1)}
		}, invalid + "1 validation error detected: Value at 'provisionedThroughput' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"new", "id:S", local("lsi", "id:S x:N", projectAll), parameter + "Index KeySchema does not have a range key, or its hash key is not the table's, for index: lsi"},
		{"new", "id:S pos:N", local("lsi", "pos:N x:N", projectAll), parameter + "Index KeySchema does not have a range key, or its hash key is not the table's, for index: lsi"},
		{"new", "id:S", func(i *in) { global("gsi", "x:S", projectAll)(i); global("gsi", "x:S", projectAll)(i) }, parameter + "Duplicate index name: gsi"},
		{"new", "id:S", global("gsi", "x:S", &types.Projection{}), parameter + "Unknown ProjectionType: null"},
		{"new", "id:S", global("gsi", "x:S", &types.Projection{ProjectionType: "INCLUDE"}), parameter + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"},
		{"new", "id:S", global("gsi", "x:S", &types.Projection{ProjectionType: "ALL", NonKeyAttributes: []string{"a"}}), parameter + "ProjectionType is ALL, but NonKeyAttributes is specified"},
		{"new", "id:S", func(i *in) {
			for n := range 21 {
				global(fmt.Sprint("gsi", n), "x:S", projectAll)(i)
			}
		}, "LimitExceededException: the table may have 20 such indexes, and gsi20 is one more"},
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
	wantFailure(t, err, invalid+"1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100")
}
