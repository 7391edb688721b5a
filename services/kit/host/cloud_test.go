package host

import (
	"encoding/json"
	"example.com/troupe/services/kit/internal/tower"
	"example.com/troupe/services/kit/web"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/localcloud/dynamodb"
	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
	"example.com/troupe/events"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/aws/aws-sdk-go-v2/credentials"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// smallCloud is what the tower's process needs of AWS: the local cloud's SQS and DynamoDB,
// and a bus that keeps what is put on it.
type smallCloud struct {
	url, queue, deadLetters string
	queues                  *awssqs.Client
	said                    chan events.Envelope
}

func newSmallCloud(t *testing.T) *smallCloud {
	c := &smallCloud{said: make(chan events.Envelope, 100)}
	queues, tables := sqs.New(new(tap.Tap)), dynamodb.New()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch service, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); service {
		case "AmazonSQS":
			queues.Wire().ServeJSON(w, r)
		case "AWSEvents":
			c.putEvents(t, w, r)
		default:
			tables.Wire().ServeJSON(w, r)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(queues.Close)
	c.url = server.URL
	keys := credentials.NewStaticCredentialsProvider("a", "b", "")
	c.queues = awssqs.New(awssqs.Options{Region: "us-east-1", BaseEndpoint: &c.url, Credentials: keys})
	c.queue, c.deadLetters = c.createQueue(t, "tower"), c.createQueue(t, "tower-dlq")
	client := awsdynamodb.New(awsdynamodb.Options{Region: "us-east-1", BaseEndpoint: &c.url, Credentials: keys})
	_, err := client.CreateTable(t.Context(), &awsdynamodb.CreateTableInput{
		TableName: new("tower"), BillingMode: dynamodbtypes.BillingModePayPerRequest,
		KeySchema:            []dynamodbtypes.KeySchemaElement{{AttributeName: new("pk"), KeyType: dynamodbtypes.KeyTypeHash}},
		AttributeDefinitions: []dynamodbtypes.AttributeDefinition{{AttributeName: new("pk"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *smallCloud) createQueue(t *testing.T, name string) string {
	out, err := c.queues.CreateQueue(t.Context(), &awssqs.CreateQueueInput{QueueName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *out.QueueUrl
}

// putEvents keeps the entries of a PutEvents call and accepts them.
func (c *smallCloud) putEvents(t *testing.T, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var in struct {
		Entries []struct{ Detail, DetailType, Source, EventBusName string }
	}
	if err == nil {
		err = json.Unmarshal(body, &in)
	}
	if err != nil {
		t.Error(err)
	}
	answer := map[string]any{"FailedEntryCount": 0}
	var entries []map[string]string
	for _, entry := range in.Entries {
		var said events.Envelope
		if err := json.Unmarshal([]byte(entry.Detail), &said); err != nil || entry.EventBusName != "bus" || entry.Source != "tower" {
			t.Errorf("entry %+v: %v", entry, err)
		}
		c.said <- said
		entries = append(entries, map[string]string{"EventId": events.NewID()})
	}
	answer["Entries"] = entries
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = web.JSON(w, http.StatusOK, answer)
}

func (c *smallCloud) send(t *testing.T, body string) {
	t.Helper()
	if _, err := c.queues.SendMessage(t.Context(), &awssqs.SendMessageInput{QueueUrl: &c.queue, MessageBody: &body}); err != nil {
		t.Fatal(err)
	}
}

// messages returns how many messages a queue holds, visible or not.
func (c *smallCloud) messages(t *testing.T, url string) (n string) {
	t.Helper()
	out, err := c.queues.GetQueueAttributes(t.Context(), &awssqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes["ApproximateNumberOfMessages"] + "+" + out.Attributes["ApproximateNumberOfMessagesNotVisible"]
}

// environment returns the variables of the tower's process.
func (c *smallCloud) environment(more ...string) []string {
	return append([]string{
		"TOWER=" + strings.Replace(tower.Declaration, `"sql"`, `"dynamodb"`, 1),
		"SERVICE_ENVIRONMENT=test", "EVENT_BUS_NAME=bus", "TOPIC_ARN_PREFIX=arn:", "TABLE_NAME=tower", "HTTP_ADDR=127.0.0.1:0",
		"QUEUE_URL=" + c.queue, "DEAD_LETTER_QUEUE_URL=" + c.deadLetters,
		"AWS_ENDPOINT_URL=" + c.url, "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b",
	}, more...)
}
