package host

import (
	"encoding/json"
	"example.com/troupe/services/kit/internal/tower"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
)

// runtimeAPI is Lambda's side of the runtime API for one function, one invocation at a
// time.
type runtimeAPI struct {
	invocations chan string // payloads
	answers     chan string // "response …" or "error …"
}

func newRuntimeAPI(t *testing.T) (*runtimeAPI, string) {
	api := &runtimeAPI{invocations: make(chan string), answers: make(chan string, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case payload := <-api.invocations:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "request")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(10*time.Second).UnixMilli()))
			_, _ = io.WriteString(w, payload)
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/request/{kind}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
		api.answers <- r.PathValue("kind") + " " + string(body)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return api, strings.TrimPrefix(server.URL, "http://")
}

func (api *runtimeAPI) invoke(payload string) (answer string) {
	api.invocations <- payload
	return <-api.answers
}

func TestLambdaProcess(t *testing.T) {
	cloud := newSmallCloud(t)
	api, address := newRuntimeAPI(t)
	p := startProcess(t, cloud.environment("AWS_LAMBDA_RUNTIME_API="+address, "HTTP_ADDR=")...)
	for _, body := range []string{tower.Envelope("a", rung("tom", 1)), tower.Envelope("b", rung("flaky", 1)), tower.Envelope("c", rung("cracked", 1))} {
		cloud.send(t, body)
	}
	payload, ids := cloud.receiveAsLambda(t)
	want := fmt.Sprintf(`response {"batchItemFailures":[{"itemIdentifier":%q}]}`, ids["b"])
	if got := api.invoke(payload); got != want {
		t.Errorf("answered %s, want %s", got, want)
	}
	if heard := <-cloud.said; heard.Metadata.CausationID != "a" {
		t.Errorf("said %+v", heard)
	}
	if got := api.invoke(`{"source":"aws.scheduler"}`); !strings.HasPrefix(got, "error ") || !strings.Contains(got, "aws:sqs") {
		t.Errorf("answered %s", got)
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.exit(t)
	outcomes := map[string]string{}
	for _, step := range tower.StepsIn(t, p.output.String()) {
		outcomes[step.EventID] = string(step.Outcome)
	}
	if diff := cmp.Diff(map[string]string{"a": "handled", "b": "retried", "c": "dead-lettered"}, outcomes); diff != "" {
		t.Errorf("%s\n%s", diff, p.output.String())
	}
	if deadLettered := cloud.messages(t, cloud.deadLetters); deadLettered != "1+0" {
		t.Errorf("%s dead-lettered", deadLettered)
	}
}

// receiveAsLambda receives the queue's three messages as an event source mapping does. It
// returns the event, and the messages' ids by those of their events.
func (c *smallCloud) receiveAsLambda(t *testing.T) (payload string, ids map[string]string) {
	t.Helper()
	out, err := c.queues.ReceiveMessage(t.Context(), &awssqs.ReceiveMessageInput{QueueUrl: &c.queue, MaxNumberOfMessages: 10})
	if err != nil || len(out.Messages) != 3 {
		t.Fatalf("received %d messages: %v", len(out.Messages), err)
	}
	ids = map[string]string{}
	var records []map[string]any
	for _, m := range out.Messages {
		var event struct{ Metadata struct{ ID string } }
		if err := json.Unmarshal([]byte(*m.Body), &event); err != nil {
			t.Fatal(err)
		}
		ids[event.Metadata.ID] = *m.MessageId
		records = append(records, map[string]any{
			"messageId": *m.MessageId, "receiptHandle": *m.ReceiptHandle, "body": *m.Body, "eventSource": "aws:sqs",
			"attributes": map[string]string{"ApproximateReceiveCount": "1"},
		})
	}
	event, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		t.Fatal(err)
	}
	return string(event), ids
}
