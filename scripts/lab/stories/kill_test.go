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
	"example.com/troupe/scripts/internal/stack"
)

// TestKilledBetweenCommitAndPublish kills the scheduling function with SIGKILL after it has committed, while it
// publishes. It checks that the message is redelivered, that the event is published under the same ID, and that the
// desk handles it once.
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
	s, err := start(ctx, stack.Options{
		Root: root, Only: []string{"scheduling", "desk"},
		Environment: map[string]map[string]string{"scheduling": {"AWS_ENDPOINT_URL_EVENTBRIDGE": server.URL}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStack(t, s)
	between.cloud.Store(&s.Endpoint)

	// A message of a dead function is hidden until its visibility timeout ends: make that short, but longer than the
	// function needs.
	queue := s.Watch().Queues["scheduling"]
	if _, err := sqs.NewFromConfig(s.Config()).SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{
		QueueUrl: &queue, Attributes: map[string]string{"VisibilityTimeout": "5"},
	}); err != nil {
		t.Fatal(err)
	}
	requested := example(t, s, "observation.requested.v1", nil)
	publish(ctx, t, s, requested)
	id := requested.Envelope.Metadata.ID
	took := handled("desk", events.DeriveID(id, "scheduling/observation.requested.v1", 0))
	if _, err := s.Steps.Find(ctx, took); err != nil {
		t.Fatalf("the desk never took the slot: %v", err)
	}
	if n := between.killed.Load(); n != 1 {
		t.Errorf("killed %d processes, want 1", n)
	}
	if _, err := s.Watch().Wait(ctx); err != nil {
		t.Error(err)
	}
	if n := len(s.Steps.Where(took)); n != 1 {
		t.Errorf("the desk handled the slot %d times, want once", n)
	}
	repeats := s.Steps.Where(func(step events.Step) bool { return step.EventID == id && step.Service == "scheduling" })
	if len(repeats) != 1 || repeats[0].Outcome != events.Repeated {
		t.Errorf("the steps of scheduling that were logged: %+v, want one, repeated: what came before died with the process", repeats)
	}
}

func handled(service, eventID string) func(events.Step) bool {
	return func(step events.Step) bool {
		return step.Service == service && step.EventID == eventID && step.Outcome == events.Handled
	}
}

// killer is a proxy in front of the cloud's EventBridge that kills the scheduling function at its first publish
// instead of forwarding it.
type killer struct {
	t      *testing.T
	mark   string                 // unique to that function's environment
	cloud  atomic.Pointer[string] // URL
	killed atomic.Int64
}

func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		k.t.Error(err)
	}
	if k.killed.Load() == 0 && bytes.Contains(body, []byte("slot.assigned.v1")) {
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

// kill sends SIGKILL to the function's processes and returns their number.
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
