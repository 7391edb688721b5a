package dynamodb_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/localcloud/dynamodb"
)

// TestMalformedRequests sends requests that no SDK would send.
func TestMalformedRequests(t *testing.T) {
	service, c := start(t)
	table(t, c, "things", "id:S")
	for _, test := range []struct{ operation, body, failure string }{
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{}}}`, "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":null}}}`, "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x","N":"1"}}}`, "ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"NULL":false}}}`, "ValidationException: One or more parameter values were invalid: Null attribute value types must have the value of true"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"SS":[]}}}`, "ValidationException: One or more parameter values were invalid: An string set  may not be empty"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"NS":[]}}}`, "ValidationException: One or more parameter values were invalid: An number set  may not be empty"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"BS":[]}}}`, "ValidationException: One or more parameter values were invalid: Binary sets should not be empty"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"SS":["p","p"]}}}`, "ValidationException: One or more parameter values were invalid: Input collection [p, p] contains duplicates."},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"NS":["1","1.0"]}}}`, "ValidationException: One or more parameter values were invalid: Input collection contains duplicates"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"N":123}}}`, "SerializationException: cannot unmarshal number into Go struct field .Item.id.N of type string"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"B":"%%"}}}`, "SerializationException: cannot unmarshal string into Go struct field .Item.a.B of type []uint8: illegal base64 data at input byte 0"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"X":"x"}}}`, `SerializationException: unknown field "X"`},
		{"PutItem", `{"TableName":"things","Item":{"id":{"s":"x"}}}`, `SerializationException: unknown field "s"`},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"SS":["p",null]}}}`, "ValidationException: One or more parameter values were invalid: A set may not have null as a member"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"BS":[null]}}}`, "ValidationException: One or more parameter values were invalid: A set may not have null as a member"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"L":[null]}}}`, "ValidationException: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"BS":[""],"SS":[""]}}}`, `ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes`},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"},"a":{"BS":[""]},"b":{"SS":[""]}}}`, ": "},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"things","Item":{"id":{"S":"x"}},"Key":{"id":{"S":"x"}}}}]}`, `SerializationException: unknown field "Key"`},
		{"TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"things","Item":{"id":{"S":"x"}},"UpdateExpression":"SET a = b"}}]}`, `SerializationException: unknown field "UpdateExpression"`},
		{"TransactWriteItems", `{"TransactItems":[{"Delete":{"TableName":"things","Key":{"id":{"S":"x"}},"Item":{"id":{"S":"x"}}}}]}`, `SerializationException: unknown field "Item"`},
		{"CreateTable", `{"TableName":"new","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"S"}],"LocalSecondaryIndexes":[{"IndexName":"lsi","ProvisionedThroughput":{}}]}`, `SerializationException: unknown field "ProvisionedThroughput"`},
		{"PutItem", `{"TableName":"things"}`, "ValidationException: 1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null"},
		{"PutItem", `{"TableName":"things","Item":{"id":{"S":"x"}},"Expected":{}}`, `SerializationException: unknown field "Expected"`},
		{"GetItem", `{"TableName":"things"}`, "ValidationException: 1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null"},
		{"GetItem", `{"TableName":"things","Key":{"id":{"S":"x"}},"ExpressionAttributeNames":{}}`, "ValidationException: ExpressionAttributeNames must not be empty"},
		{"UpdateItem", `{"TableName":"things","Key":{"id":{"S":"x"}},"ExpressionAttributeValues":{}}`, "ValidationException: ExpressionAttributeValues must not be empty"},
		{"UpdateItem", `{"TableName":"things","Key":{"id":{"S":"x"}},"UpdateExpression":""}`, "ValidationException: Invalid UpdateExpression: The expression can not be empty;"},
		{"UpdateItem", `{"TableName":"things","Key":{"id":{"S":"x"}},"ExpressionAttributeValues":{":v":{"S":"x"}}}`, "ValidationException: ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and ConditionExpression are null"},
		{"DeleteItem", `{"TableName":"things","Key":{"id":{"S":"x"}},"ExpressionAttributeValues":{":v":{"S":"x"}}}`, "ValidationException: ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"},
		{"GetItem", `{"TableName":"things","Key":{"id":{"S":"x"}},"ReturnConsumedCapacity":"ALL"}`, "ValidationException: 1 validation error detected: Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"},
		{"BatchGetItem", `{"RequestItems":{"things":{"Keys":[]}}}`, "ValidationException: 1 validation error detected: Value at 'RequestItems.things.member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"TagResource", `{"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/things"}`, "ValidationException: 1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null"},
		{"ExecuteStatement", `{}`, "UnknownOperationException: the local cloud has no operation ExecuteStatement of dynamodb"},
		{"GetItem", `{"TableName":`, "SerializationException: unexpected end of JSON input"},
	} {
		if got := send(service, test.operation, test.body); got != test.failure {
			t.Errorf("%s %s\n got %s\nwant %s", test.operation, test.body, got, test.failure)
		}
	}
}

// send posts a body unchanged and returns "Code: message".
func send(service *dynamodb.Service, operation, body string) string {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	w := httptest.NewRecorder()
	service.Wire().ServeJSON(w, r)
	var e struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(e.Type, "com.amazonaws.dynamodb.v20120810#") + ": " + e.Message
}
