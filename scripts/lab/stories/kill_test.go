package stories_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/testevent"
)

// TestKilledBetweenCommitAndPublish kills the payments function with SIGKILL when it has committed and
// its event is on the way to the bus. The message comes again, the event goes out under the same id, and orders
// handles it once.
func TestKilledBetweenCommitAndPublish(t *testing.T) {
	if os.Getenv("TROUPE_ENDPOINT") != "" || runtime.GOOS != "linux" {
		t.Skip("it looks for the function's process in /proc")
	}
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	between := &killer{t: t}
	server := httptest.NewServer(between)
	defer server.Close()
	between.mark = "AWS_ENDPOINT_URL_EVENTBRIDGE=" + server.URL
	s, err := start(ctx, "../../..", race, map[string]map[string]string{"payments": {"AWS_ENDPOINT_URL_EVENTBRIDGE": server.URL}}, "payments", "orders")
	if err != nil {
		t.Fatal(err)
	}
	defer closeStack(t, s)
	between.cloud.Store(&s.Endpoint)

	// A message of a function that died is hidden until its visibility ends: let that be soon, yet later than
	// the function needs.
	queue := s.Watch().Queues["payments"]
	if _, err := sqs.NewFromConfig(s.Config()).SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{
		QueueUrl: &queue, Attributes: map[string]string{"VisibilityTimeout": "5"},
	}); err != nil {
		t.Fatal(err)
	}
	contract, err := testevent.Find(s.Contracts(), "order.placed.v1")
	if err != nil {
		t.Fatal(err)
	}
	data, err := testevent.Fresh(contract, contract.Examples[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	placed, err := testevent.Message(contract, data)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publisher(s.Config(), "checkout").Publish(ctx, placed); err != nil {
		t.Fatal(err)
	}
	id := placed.Envelope.Metadata.ID
	if _, err := s.Steps.Find(ctx, handled("orders", events.DeriveID(id, "payments/order.placed.v1", 0))); err != nil {
		t.Fatalf("orders never heard of the payment: %v", err)
	}
	if n := between.killed.Load(); n != 1 {
		t.Errorf("killed %d processes, want 1", n)
	}
	if _, err := s.Watch().Wait(ctx); err != nil {
		t.Error(err)
	}
	if n := len(s.Steps.Where(handled("orders", events.DeriveID(id, "payments/order.placed.v1", 0)))); n != 1 {
		t.Errorf("orders handled the payment %d times, want once", n)
	}
	repeats := s.Steps.Where(func(step events.Step) bool { return step.EventID == id && step.Service == "payments" })
	if len(repeats) != 1 || repeats[0].Outcome != events.Repeated {
		t.Errorf("the steps of payments that were told of: %+v, want one, repeated: what came before died with the process", repeats)
	}
}

func handled(service, eventID string) func(events.Step) bool {
	return func(step events.Step) bool {
		return step.Service == service && step.EventID == eventID && step.Outcome == events.Handled
	}
}

// killer stands before the cloud's EventBridge, and kills the payments function at its first publish
// instead of passing it on.
type killer struct {
	t      *testing.T
	mark   string                 // what only that function has in its environment
	cloud  atomic.Pointer[string] // URL
	killed atomic.Int64
}

func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		k.t.Error(err)
	}
	if k.killed.Load() == 0 && bytes.Contains(body, []byte("payment.authorized.v1")) {
		k.killed.Add(int64(k.kill()))
		return
	}
	cloud, err := url.Parse(*k.cloud.Load())
	if err != nil {
		k.t.Error(err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(cloud)
		p.Out.Host = cloud.Host
	}}).ServeHTTP(w, r)
}

// kill sends SIGKILL to the function's processes, and returns how many there were.
func (k *killer) kill() (killed int) {
	environments, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		k.t.Error(err)
	}
	for _, path := range environments {
		environment, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(environment, []byte(k.mark+"\x00")) {
			continue
		}
		pid, err := strconv.Atoi(strings.Split(path, "/")[2])
		if err == nil {
			err = syscall.Kill(pid, syscall.SIGKILL)
		}
		if err != nil {
			k.t.Error(fmt.Errorf("kill %s: %w", path, err))
			continue
		}
		killed++
	}
	return killed
}
