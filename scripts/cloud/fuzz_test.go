package cloud

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzRequests checks that every request gets a response: no panic, no internal failure, and well-formed JSON or XML.
func FuzzRequests(f *testing.F) {
	const form = "application/x-www-form-urlencoded"
	for _, seed := range [][6]string{
		{"sqs", "POST", "/", "AmazonSQS.SendMessage", "", `{"QueueUrl": "http://localhost/000000000000/q", "MessageBody": "a", "MessageAttributes": {"a": {"DataType": "String", "StringValue": "b"}}}`},
		{"sqs", "POST", "/000000000000/q", "", form, "Action=ReceiveMessage&AttributeName.1=All&MaxNumberOfMessages=10"},
		{"sqs", "POST", "/", "", form, "Action=CreateQueue&QueueName=q&Attribute.1.Name=RedrivePolicy&Attribute.1.Value=%7B%7D"},
		{"sns", "POST", "/", "", form, "Action=Subscribe&TopicArn=t&Protocol=sqs&Endpoint=e&Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value=%7B%22a%22%3A%5B%7B%22numeric%22%3A%5B%22%3D%22%2C1%5D%7D%5D%7D"},
		{"events", "POST", "/", "AWSEvents.TestEventPattern", "", `{"EventPattern": "{\"a\": [{\"wildcard\": \"*\"}]}", "Event": "{}"}`},
		{"events", "POST", "/", "AWSEvents.PutTargets", "", `{"Rule": "r", "Targets": [{"Id": "1", "Arn": "a", "InputTransformer": {"InputPathsMap": {"a": "$.b[0]"}, "InputTemplate": "<a>"}}]}`},
		{"dynamodb", "POST", "/", "DynamoDB_20120810.UpdateItem", "", `{"TableName": "things", "Key": {"id": {"S": "x"}}, "UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}`},
		{"logs", "POST", "/", "Logs_20140328.FilterLogEvents", "", `{"logGroupName": "g", "filterPattern": "{ $.a = 1 }"}`},
		{"lambda", "POST", "/2015-03-31/functions", "", "", `{"FunctionName": "f", "Runtime": "provided.al2023", "Handler": "h", "Code": {"ZipFile": "UEsDBA=="}}`},
		{"lambda", "PUT", "/2019-09-25/functions/f/event-invoke-config", "", "", `{"MaximumRetryAttempts": 1}`},
		{"scheduler", "POST", "/schedules/s", "", "", `{"ScheduleExpression": "at(2030-01-01T00:00:00)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {"Arn": "arn:aws:sqs:us-east-1:000000000000:q", "RoleArn": "arn:aws:iam::000000000000:role/r"}}`},
		{"apigateway", "POST", "/v2/apis", "", "", `{"name": "a", "protocolType": "HTTP"}`},
		{"iam", "POST", "/", "", form, "Action=CreateRole&RoleName=r&AssumeRolePolicyDocument=%7B%22Statement%22%3A%5B%5D%7D"},
		{"sts", "POST", "/", "", form, "Action=AssumeRole&RoleArn=r&RoleSessionName=s"},
		{"s3", "GET", "/", "", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4], seed[5])
	}
	c := New("http://127.0.0.1:1")
	f.Cleanup(func() { _ = c.Close() })
	f.Fuzz(func(t *testing.T, service, method, path, target, kind, body string) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // because some calls wait for a message
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, "POST", "/", strings.NewReader(body))
		r.Method, r.URL.Path = method, path
		r.Header.Set("Authorization", strings.ReplaceAll(signed, "%s", service))
		r.Header.Set("Content-Type", kind)
		if target != "" {
			r.Header.Set("X-Amz-Target", target)
		}
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		if answer := w.Body.String(); w.Code >= 500 || !wellFormed(answer) {
			t.Errorf("%s %s %s for %s with %.200q gets the response %d %.500s", method, path, target, service, body, w.Code, answer)
		}
	})
}

// wellFormed reports whether a response is valid JSON, valid XML or empty.
func wellFormed(answer string) bool {
	if answer == "" || json.Valid([]byte(answer)) {
		return true
	}
	decoder := xml.NewDecoder(strings.NewReader(answer))
	for {
		if _, err := decoder.Token(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}
