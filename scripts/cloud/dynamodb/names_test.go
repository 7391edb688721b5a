package dynamodb_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// operationsOnATable has a request for each operation that names a table. NAME stands for the table.
var operationsOnATable = map[string]string{
	"DescribeTable":      `{"TableName":"NAME"}`,
	"UpdateTable":        `{"TableName":"NAME","BillingMode":"PAY_PER_REQUEST"}`,
	"DeleteTable":        `{"TableName":"NAME"}`,
	"DescribeTimeToLive": `{"TableName":"NAME"}`,
	"UpdateTimeToLive":   `{"TableName":"NAME","TimeToLiveSpecification":{"AttributeName":"until","Enabled":true}}`,
	"GetItem":            `{"TableName":"NAME","Key":{"id":{"S":"x"}}}`,
	"PutItem":            `{"TableName":"NAME","Item":{"id":{"S":"x"}}}`,
	"UpdateItem":         `{"TableName":"NAME","Key":{"id":{"S":"x"}}}`,
	"DeleteItem":         `{"TableName":"NAME","Key":{"id":{"S":"x"}}}`,
	"Query":              `{"TableName":"NAME","KeyConditionExpression":"id = :x","ExpressionAttributeValues":{":x":{"S":"x"}}}`,
	"Scan":               `{"TableName":"NAME"}`,
	"BatchGetItem":       `{"RequestItems":{"NAME":{"Keys":[{"id":{"S":"x"}}]}}}`,
	"BatchWriteItem":     `{"RequestItems":{"NAME":[{"DeleteRequest":{"Key":{"id":{"S":"x"}}}}]}}`,
	"TransactGetItems":   `{"TransactItems":[{"Get":{"TableName":"NAME","Key":{"id":{"S":"x"}}}}]}`,
	"TransactWriteItems": `{"TransactItems":[{"Delete":{"TableName":"NAME","Key":{"id":{"S":"x"}}}}]}`,
}

// TestTableNames gives every operation names and ARNs that no table here can have. A table of the same name must not
// answer for one elsewhere.
func TestTableNames(t *testing.T) {
	service, c := start(t)
	table(t, c, "things", "id:S")
	const elsewhere = "arn:aws:dynamodb:us-east-1:000000000000:"
	for name, want := range map[string]string{
		"":                          "failed to satisfy constraint: Member must have length greater than or equal to 1",
		strings.Repeat("n", 256):    "failed to satisfy constraint: Member must have length less than or equal to 255",
		"thi ngs!":                  "Value 'thi ngs!' at ",
		"ab":                        "failed to satisfy constraint: Member must have length greater than or equal to 3",
		"missing":                   "ResourceNotFoundException: Requested resource not found",
		elsewhere + "table/missing": "ResourceNotFoundException: Requested resource not found",
		"arn:aws:dynamodb:eu-west-1:000000000000:table/things":    "ValidationException: 1 validation error detected: Invalid AWS region in 'arn:aws:dynamodb:eu-west-1:000000000000:table/things'",
		"arn:aws:dynamodb:us-east-1:111111111111:table/things":    "AccessDeniedException: No resource-based policy allows access to arn:aws:dynamodb:us-east-1:111111111111:table/things",
		"arn:aws:sqs:us-east-1:000000000000:table/things":         "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input arn:aws:sqs:us-east-1:000000000000:table/things",
		"arn:aws-cn:dynamodb:us-east-1:000000000000:table/things": "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input ",
		elsewhere + "table/things/index/by-kind":                  "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input ",
		elsewhere + "table/":                                      "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input ",
		elsewhere + "stream/things":                               "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input ",
		"arn:aws:dynamodb:table/things":                           "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input ",
	} {
		for operation, body := range operationsOnATable {
			if got := send(service, operation, strings.ReplaceAll(body, "NAME", name)); !strings.Contains(got, want) {
				t.Errorf("%s of %q\n got %s\nwant %s", operation, name, got, want)
			}
		}
	}
	for operation, body := range operationsOnATable {
		if operation == "DeleteTable" || operation == "UpdateTable" {
			continue
		}
		if got := send(service, operation, strings.ReplaceAll(body, "NAME", elsewhere+"table/things")); got != ": " {
			t.Errorf("%s by ARN: %s", operation, got)
		}
	}
}

// TestUnknownValues sends each operation a value that AWS's model does not have, for every member that has a fixed set
// of values, and every number out of its bounds. None may be read as if it were not there.
func TestUnknownValues(t *testing.T) {
	service, c := start(t)
	table(t, c, "things", "id:S")
	for operation, members := range map[string][]string{
		"CreateTable": {`"BillingMode":"DOG"`, `"KeySchema":[{"AttributeName":"id","KeyType":"DOG"}]`, `"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"DOG"}]`,
			`"GlobalSecondaryIndexes":[{"IndexName":"all","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"Projection":{"ProjectionType":"DOG"}}]`,
			`"GlobalSecondaryIndexes":[{"IndexName":"all","KeySchema":[{"AttributeName":"id","KeyType":"DOG"}],"Projection":{"ProjectionType":"ALL"}}]`},
		"UpdateTable":        {`"BillingMode":"DOG"`},
		"UpdateTimeToLive":   {`"TimeToLiveSpecification":{"AttributeName":"until"}`},
		"ListTables":         {`"Limit":0`, `"Limit":101`, `"ExclusiveStartTableName":""`},
		"TagResource":        {`"Tags":[{"Key":"a"}]`},
		"GetItem":            {`"ReturnConsumedCapacity":"DOG"`},
		"PutItem":            {`"ReturnConsumedCapacity":"DOG"`, `"ReturnValues":"DOG"`, `"ReturnValuesOnConditionCheckFailure":"DOG"`, `"ReturnValues":"ALL_NEW"`},
		"UpdateItem":         {`"ReturnConsumedCapacity":"DOG"`, `"ReturnValues":"DOG"`, `"ReturnValuesOnConditionCheckFailure":"DOG"`},
		"DeleteItem":         {`"ReturnConsumedCapacity":"DOG"`, `"ReturnValues":"DOG"`, `"ReturnValuesOnConditionCheckFailure":"DOG"`, `"ReturnValues":"UPDATED_OLD"`},
		"Query":              {`"ReturnConsumedCapacity":"DOG"`, `"Select":"DOG"`, `"Limit":0`, `"IndexName":""`},
		"Scan":               {`"ReturnConsumedCapacity":"DOG"`, `"Select":"DOG"`, `"Limit":-1`, `"IndexName":""`, `"Segment":-1,"TotalSegments":2`, `"Segment":0,"TotalSegments":0`, `"Segment":2,"TotalSegments":2`, `"Segment":0`},
		"BatchGetItem":       {`"ReturnConsumedCapacity":"DOG"`},
		"BatchWriteItem":     {`"ReturnConsumedCapacity":"DOG"`},
		"TransactGetItems":   {`"ReturnConsumedCapacity":"DOG"`, `"TransactItems":[{}]`},
		"TransactWriteItems": {`"ReturnConsumedCapacity":"DOG"`, `"ClientRequestToken":""`, `"ClientRequestToken":"` + strings.Repeat("t", 37) + `"`, `"TransactItems":[{}]`, `"TransactItems":[{"Delete":{"TableName":"things","Key":{"id":{"S":"x"}},"ReturnValuesOnConditionCheckFailure":"DOG"}}]`},
	} {
		base := strings.ReplaceAll(operationsOnATable[operation], "NAME", "things")
		switch operation {
		case "CreateTable":
			base = `{"TableName":"new","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}`
		case "ListTables":
			base = `{}`
		case "TagResource":
			base = `{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/things","Tags":[]}`
		}
		for _, member := range members {
			if got := send(service, operation, with(t, base, member)); !strings.HasPrefix(got, "ValidationException: ") {
				t.Errorf("%s with %s: %s", operation, member, got)
			}
		}
	}
	if got := send(service, "DescribeTable", `{"TableName":"new"}`); !strings.HasPrefix(got, "ResourceNotFoundException: ") {
		t.Errorf("a table was made by a request that must fail: %s", got)
	}
}

// TestViolationsAreReportedTogether is a fact of paritysuite/dynamodb-conformance, tier 3, validation ordering. A
// request's own mistakes also come before a table that does not exist (dynalite's query.js, scan.js and putItem.js).
func TestViolationsAreReportedTogether(t *testing.T) {
	service, _ := start(t)
	for _, test := range []struct{ operation, body, failure string }{
		{"DeleteItem", `{"TableName":"missing","Key":{"id":{"S":"x"}},"ReturnValues":"DOG","ReturnConsumedCapacity":"CAT"}`, "2 validation errors detected: " +
			"Value 'CAT' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; " +
			"Value 'DOG' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"},
		{"Query", `{"TableName":"missing","KeyConditionExpression":""}`, "Invalid KeyConditionExpression: The expression can not be empty;"},
		{"Query", `{"TableName":"missing","KeyConditionExpression":"a = :x AND a > :x","ExpressionAttributeValues":{":x":{"S":"x"}}}`, "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"},
		{"UpdateTable", `{"TableName":"missing","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":0}}`, "1 validation error detected: Value '0' at 'provisionedThroughput.writeCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"Query", `{"TableName":"missing","KeyConditionExpression":"NOT id = id2"}`, "Invalid operator used in KeyConditionExpression: NOT"},
		{"Scan", `{"TableName":"missing","FilterExpression":"((a = b))"}`, "Invalid FilterExpression: The expression has redundant parentheses;"},
		{"Scan", `{"TableName":"missing","Limit":0}`, "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"Query", `{"TableName":"missing","Limit":0}`, "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"PutItem", `{"TableName":"missing","Item":{"id":{"S":"` + strings.Repeat("x", 400<<10) + `"}}}`, "Item size has exceeded the maximum allowed size"},
	} {
		if got := send(service, test.operation, test.body); got != "ValidationException: "+test.failure {
			t.Errorf("%s %.100s\n got %s\nwant %s", test.operation, test.body, got, test.failure)
		}
	}
}

// with returns a request with some of its members replaced.
func with(t *testing.T, body, members string) string {
	t.Helper()
	all := map[string]json.RawMessage{}
	for _, part := range []string{body, "{" + members + "}"} {
		if err := json.Unmarshal([]byte(part), &all); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
