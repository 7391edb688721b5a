package cloud

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// The queue and the event of the benchmark's requests.
const (
	benchQueue = "http://127.0.0.1/000000000000/bench"
	benchEvent = `{"metadata":{"id":"01J9ZQ4X8N2M5K7P3R6T1V0W8Y","type":"lamp.lit.v1","subject":"o-01J9ZQ4X8N2M5K7P","correlationId":"01J9ZQ4X8N2M5K7P3R6T1V0W8X",` +
		`"producer":"lamps","occurredAt":"2026-11-23T10:00:00.123Z"},"data":{"lampId":"o-01J9ZQ4X8N2M5K7P","email":"someone@example.com","region":"eu","brightness":4200}}`
)

// BenchmarkServe measures the cloud's part of a request, without the network.
func BenchmarkServe(b *testing.B) {
	c := New("http://127.0.0.1")
	b.Cleanup(func() { _ = c.Close() })
	setUpBench(b, c)
	event := jsonString(benchEvent)
	for _, call := range []struct{ name, service, target, body string }{
		{"SendMessage", "sqs", "AmazonSQS.SendMessage", `{"QueueUrl":"` + benchQueue + `","MessageBody":` + event + `}`},
		{"ReceiveMessage", "sqs", "AmazonSQS.ReceiveMessage", `{"QueueUrl":"` + benchQueue + `","MaxNumberOfMessages":1}`},
		{"PutEvents", "events", "AWSEvents.PutEvents", `{"Entries":[{"EventBusName":"default","Source":"lamps","DetailType":"lamp.lit.v1","Detail":` + event + `}]}`},
		{"Publish", "sns", "", url.Values{"Action": {"Publish"}, "Version": {"2010-03-31"}, "TopicArn": {"arn:aws:sns:us-east-1:000000000000:bench"}, "Message": {benchEvent},
			"MessageAttributes.entry.1.Name": {"type"}, "MessageAttributes.entry.1.Value.DataType": {"String"}, "MessageAttributes.entry.1.Value.StringValue": {"lamp.lit.v1"}}.Encode()},
	} {
		b.Run(call.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ask(b, c, call.service, call.target, call.body)
			}
		})
	}
}

// ask sends a request as an SDK does and fails unless it succeeds.
func ask(b *testing.B, handler http.Handler, service, target, body string) {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/", strings.NewReader(body))
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20261124/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("Amz-Sdk-Invocation-Id", "5d1a2f3c-0000-4000-8000-000000000000")
	r.Header.Set("Amz-Sdk-Request", "attempt=1; max=3")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		answer, _ := io.ReadAll(w.Body)
		b.Fatalf("%s: %d %s", target, w.Code, answer)
	}
}

func setUpBench(b *testing.B, c *Cloud) {
	policy := jsonString(`{"Statement":[{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com","sns.amazonaws.com"]},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:bench"}]}`)
	ask(b, c, "sqs", "AmazonSQS.CreateQueue", `{"QueueName":"bench","Attributes":{"Policy":`+policy+`}}`)
	ask(b, c, "events", "AWSEvents.PutRule", `{"Name":"bench","EventPattern":`+jsonString(`{"detail-type":["lamp.lit.v1"],"detail":{"data":{"region":["eu","us"]}}}`)+`}`)
	ask(b, c, "events", "AWSEvents.PutTargets", `{"Rule":"bench","Targets":[{"Id":"q","Arn":"arn:aws:sqs:us-east-1:000000000000:bench"}]}`)
	ask(b, c, "sns", "", "Action=CreateTopic&Name=bench")
	ask(b, c, "sns", "", url.Values{"Action": {"Subscribe"}, "TopicArn": {"arn:aws:sns:us-east-1:000000000000:bench"}, "Protocol": {"sqs"},
		"Endpoint":               {"arn:aws:sqs:us-east-1:000000000000:bench"},
		"Attributes.entry.1.key": {"RawMessageDelivery"}, "Attributes.entry.1.value": {"true"},
		"Attributes.entry.2.key": {"FilterPolicyScope"}, "Attributes.entry.2.value": {"MessageBody"},
		"Attributes.entry.3.key": {"FilterPolicy"}, "Attributes.entry.3.value": {`{"data":{"region":["eu","us"]}}`}}.Encode())
}

func jsonString(text string) string {
	return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
}
