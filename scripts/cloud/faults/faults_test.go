package faults_test

import (
	"encoding/json"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/faults"
)

// call sends a request to the service by hand, because no SDK knows it.
func (w *world) call(operation, body string, cfg aws.Config) (status int, answer string) {
	w.t.Helper()
	r := must(http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.Endpoint, strings.NewReader(body)))(w.t)
	keys := must(cfg.Credentials.Retrieve(w.t.Context()))(w.t)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+keys.AccessKeyID+"/20261124/us-east-1/faults/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("X-Amz-Target", "Faults."+operation)
	response := must(http.DefaultClient.Do(r))(w.t)
	defer response.Body.Close()
	return response.StatusCode, string(must(io.ReadAll(response.Body))(w.t))
}

func TestOperations(t *testing.T) {
	w := newWorld(t)
	if status, answer := w.call("PutFault", `{"Id": "a", "Kind": "fail", "Service": "sqs", "Rate": 0.5}`, w.cfg); status != 200 {
		t.Fatalf("PutFault: %d %s", status, answer)
	}
	if _, answer := w.call("PutFault", `{"Kind": "throttle"}`, w.cfg); !strings.Contains(answer, `"Id":"`) {
		t.Errorf("a fault without an id did not receive one: %s", answer)
	}
	w.put(faults.Fault{Id: "a", Kind: faults.Slow, LatencyMs: 1}) // replaces the first
	_, listed := w.call("ListFaults", `{}`, w.cfg)                // which no fault strikes
	var out faults.ListFaultsOutput
	if err := json.Unmarshal([]byte(listed), &out); err != nil || len(out.Faults) != 2 || out.Faults[0].Kind != faults.Slow || out.Faults[1].Kind != faults.Throttle {
		t.Errorf("ListFaults: %s", listed)
	}
	if status, answer := w.call("DeleteFault", `{"Id": "a"}`, w.cfg); status != 200 {
		t.Errorf("DeleteFault: %d %s", status, answer)
	}
	if status, answer := w.call("DeleteFault", `{"Id": "a"}`, w.cfg); status != 400 || !strings.Contains(answer, "ResourceNotFoundException") {
		t.Errorf("DeleteFault, again: %d %s", status, answer)
	}
	must(w.Faults.DeleteFault(t.Context(), &faults.DeleteFaultInput{Id: out.Faults[1].Id}))(t)
	if status, answer := w.call("PutFault", `{"Kind": "fail"}`, w.as("one")); status != 400 || !strings.Contains(answer, "AccessDenied") {
		t.Errorf("a role puts a fault: %d %s", status, answer)
	}
}

func TestInvalid(t *testing.T) {
	w := newWorld(t)
	for body, want := range map[string]string{
		`{"Kind": "explode"}`:                                       "Kind must be one of",
		`{"Kind": "fail", "Rate": 1.5}`:                             "Rate must be",
		`{"Kind": "fail", "Rate": -1}`:                              "Rate must be",
		`{"Kind": "fail", "Count": -1}`:                             "Count must be",
		`{"Kind": "fail", "Status": 200}`:                           "Status must be",
		`{"Kind": "fail", "LatencyMs": 5}`:                          "takes no latency",
		`{"Kind": "slow"}`:                                          "needs LatencyMs",
		`{"Kind": "slow", "LatencyMs": 99999999}`:                   "must be from 0 to",
		`{"Kind": "throttle", "Code": "X"}`:                         "takes no Code",
		`{"Kind": "fail", "Operation": "SendMessage"}`:              "needs its Service",
		`{"Kind": "fail", "Service": "s3"}`:                         "no service",
		`{"Kind": "fail", "Service": "faults"}`:                     "no service",
		`{"Kind": "fail", "Service": "sqs", "Operation": "Sned"}`:   "no operation",
		`{"Kind": "fail", "Service": "lambda", "Operation": "X"}`:   "no operation",
		`{"Kind": "crash"}`:                                         "needs a Resource",
		`{"Kind": "duplicate", "Resource": "q", "Service": "sqs"}`:  "takes no Service",
		`{"Kind": "duplicate", "Resource": "q", "Caller": "roles"}`: "takes no Service, Operation or Caller",
	} {
		if status, answer := w.call("PutFault", body, w.cfg); status != 400 || !strings.Contains(answer, "ValidationException") || !strings.Contains(answer, want) {
			t.Errorf("%s: %d %s, want a ValidationException with %q", body, status, answer, want)
		}
	}
	if _, err := w.Faults.PutFault(t.Context(), &faults.Fault{Kind: faults.Fail, Rate: new(math.NaN())}); err == nil {
		t.Error("a rate that is not a number was taken")
	}
}

// TestChance checks the rate, and that the same seed makes the same decisions.
func TestChance(t *testing.T) {
	w := newWorld(t)
	play := func(seed uint64) (struck []bool) {
		w.put(faults.Fault{Id: "it", Kind: faults.Duplicate, Resource: "jobs", Rate: new(0.2), Seed: seed})
		for range 1000 {
			struck = append(struck, w.Faults.Duplicates("jobs"))
		}
		return struck
	}
	first := play(7)
	if n := w.strikes("it"); n < 150 || n > 250 {
		t.Errorf("%d of 1000 struck, want about 200", n)
	}
	if !slices.Equal(first, play(7)) {
		t.Error("the same seed decided otherwise")
	}
	if slices.Equal(first, play(8)) || slices.Equal(play(0), play(0)) {
		t.Error("other chances decided the same")
	}
}

func TestDuplicate(t *testing.T) {
	w := newWorld(t)
	jobs, other := w.queue("jobs", nil), w.queue("other", nil)
	line := w.queue("line.fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
	w.put(faults.Fault{Id: "it", Kind: faults.Duplicate, Resource: "jobs", Count: 1})
	w.put(faults.Fault{Id: "fifo", Kind: faults.Duplicate, Resource: "line.fifo"})
	for _, url := range []*string{jobs, other} {
		if err := send(t.Context(), w.cfg, url); err != nil {
			t.Fatal(err)
		}
	}
	must(sqs.NewFromConfig(w.cfg).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: line, MessageBody: aws.String("hello"), MessageGroupId: aws.String("g")}))(t)
	if n := w.holds(jobs); n != 2 || w.strikes("it") != 1 {
		t.Errorf("the queue returns %d messages after %d strikes, want 2 after 1", n, w.strikes("it"))
	}
	if n := w.holds(other) + w.holds(line); n != 2 {
		t.Errorf("another queue and a FIFO queue return %d messages, want one each", n)
	}
	if err := send(t.Context(), w.cfg, jobs); err != nil || w.holds(jobs) != 1 {
		t.Errorf("the fault was over, and struck again (%v)", err)
	}
	if all := must(w.Faults.ListFaults(t.Context(), nil))(t).Faults; !all[0].Over || all[1].Over {
		t.Errorf("the faults are %+v, want the first over", all)
	}
}
