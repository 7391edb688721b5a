package source_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/trace"
)

// notes is a sink that records each report as a line.
type notes struct {
	mu    sync.Mutex
	lines []string
	more  chan struct{} // signalled at each line
	first chan struct{} // closed at the first line
}

func newNotes() *notes { return &notes{more: make(chan struct{}, 1000), first: make(chan struct{})} }

func (n *notes) note(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.lines == nil {
		close(n.first)
	}
	n.lines = append(n.lines, strings.TrimSpace(fmt.Sprintf(format, args...)))
	n.more <- struct{}{}
}

func (n *notes) Step(s events.Step) { n.note("step %s %s", s.Service, s.EventID) }
func (n *notes) Hop(h record.Hop)   { n.note("%s %s %s %s", h.Kind, h.Event.ID, h.Service, h.Note) }
func (n *notes) Line(l trace.Line)  { n.note("line %s %s %s", l.Service, l.EventID, l.Message) }
func (n *notes) Lost(k int)         { n.note("lost %d", k) }
func (n *notes) Trouble(err error) {
	if err != nil {
		n.note("trouble %v", err)
	}
}

// read reads a source until it has reported a number of lines.
func (n *notes) read(t *testing.T, s record.Source, lines int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	done := make(chan error)
	go func() { done <- s.Read(ctx, n) }()
	for range lines {
		select {
		case <-n.more:
		case <-ctx.Done():
			t.Fatalf("reported only %q", n.lines)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	return n.lines
}

// wired returns the topology of the fixture.
func wired(t *testing.T) *topology.Topology {
	t.Helper()
	declared, err := stack.Load(fixture.Root(t))
	if err != nil {
		t.Fatal(err)
	}
	wired, err := declared.Topology(topology.Names{Project: "sea", Env: "test", Region: "us-east-1", Account: "000000000000"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return wired
}

const envelope = `{"metadata": {"id": %q, "type": %q, "subject": "s-1", "correlationId": "c", "producer": "buoy"}, "data": {}}`

// onBus returns an event as EventBridge delivers it.
func onBus(id, kind string) []byte {
	return fmt.Appendf(nil, `{"detail-type": %q, "detail": `+envelope+`}`, kind, id, kind)
}

func TestLocal(t *testing.T) {
	names := wired(t).Names
	queue := func(name string) string { return names.ARN("sqs", "sea-test-"+name) }
	rule := func(name string) string { return names.ARN("events", "rule/sea-test/sea-test-"+name) }
	taps := &tap.Tap{}
	local := source.NewLocal(taps, wired(t))
	local.Step(events.Step{Service: "lighthouse", EventID: "r"}) // before Read begins: it is buffered
	hops := []tap.Hop{
		{Kind: tap.Published, Resource: names.BusARN(), MessageID: "m1", Body: onBus("p", "lamp.lit.v1")},
		{Kind: tap.Matched, Resource: rule("harbour-lamp-lit-v1"), MessageID: "m1"},
		{Kind: tap.Skipped, Resource: rule("harbour-wave-measured-v1"), MessageID: "m1", Note: "detail-type was another"},
		{Kind: tap.Delivered, Resource: queue("harbour"), From: rule("harbour-lamp-lit-v1"), MessageID: "q1", Body: onBus("p", "lamp.lit.v1")},
		{Kind: tap.Received, Resource: queue("harbour"), MessageID: "q1"},
		{Kind: tap.Deleted, Resource: queue("harbour"), MessageID: "q1"},
		{Kind: tap.DeadLettered, Resource: queue("harbour-dlq"), MessageID: "q1", Note: "received 5 times"},
		{Kind: tap.Published, Resource: names.BusARN(), MessageID: "m2", Body: onBus("x", "wave.measured.v1")},
		{Kind: tap.Skipped, Resource: rule("harbour-wave-measured-v1"), MessageID: "m2", Note: "why"},
		{Kind: tap.Delivered, Resource: queue("buoy-undelivered"), From: "a rule", MessageID: "q2", Body: onBus("x", "wave.measured.v1")},
		{Kind: tap.Delivered, Resource: queue("buoy"), MessageID: "q3", Note: "delayed by 4 s", Body: fmt.Appendf(nil, envelope, "d", "battery.checked.v1")},
		{Kind: tap.Delivered, Resource: queue("buoy"), MessageID: "q4", Body: []byte("no event of ours")},
		{Kind: tap.Delivered, Resource: "arn:aws:sqs:us-east-1:000000000000:somebody-elses", MessageID: "q5", Body: onBus("p", "lamp.lit.v1")},
		{Kind: tap.Logged, Resource: "a function", Body: []byte("a line")},
	}
	n := newNotes()
	go func() {
		<-n.first // the step arrived, so it listens
		for _, hop := range hops {
			taps.Tell(hop)
		}
	}()
	want := []string{
		"step lighthouse r", "published p", "queued p harbour", "received p harbour", "acknowledged p harbour", "dead-lettered p harbour received 5 times",
		"published x", "skipped x harbour why", "undelivered x buoy", "published d", "queued d buoy delayed by 4 s",
	}
	if diff := cmp.Diff(want, n.read(t, local, len(want))); diff != "" {
		t.Error("(-want +got)\n" + diff)
	}
}

// TestLocalNeverWaits checks that steps that nobody reads are counted as lost and don't block the caller.
func TestLocalNeverWaits(t *testing.T) {
	local := source.NewLocal(nil, wired(t))
	const more = 5
	for range 1<<14 + more {
		local.Step(events.Step{})
	}
	n := newNotes()
	n.more = make(chan struct{}, 1<<15)
	if lines := n.read(t, local, 2); lines[1] != "lost 5" {
		t.Errorf("reported %q, want that five were lost", lines[:2])
	}
}

// logs imitates CloudWatch Logs (API reference of FilterLogEvents): pages may be empty although more follow, a group
// may not exist, and requests may be throttled.
func logs(t *testing.T) *cloudwatchlogs.Client {
	line := func(id string, ms int, message string) map[string]any {
		return map[string]any{"eventId": id, "timestamp": ms, "ingestionTime": ms, "logStreamName": "s", "message": message}
	}
	step := func(id string) string {
		return `{"level":"INFO","msg":"step","step":{"service":"harbour","eventId":"` + id + `"}}`
	}
	polls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			LogGroupName, NextToken, FilterPattern string
			StartTime                              int64
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		refuse := func(code string) {
			w.Header().Set("X-Amzn-Errortype", code)
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"__type": %q, "message": "…"}`, code)
		}
		var found []map[string]any
		next := ""
		switch {
		case in.LogGroupName == "/silent":
			refuse("ResourceNotFoundException")
			return
		case in.LogGroupName == "/denied":
			if polls++; polls == 1 {
				refuse("AccessDeniedException")
				return
			}
		case in.LogGroupName == "/events" && in.StartTime <= 20_000:
			found = append(found, line("b1", 20_000, string(onBus("p", "lamp.lit.v1"))), line("b2", 20_000, `{"detail": "no envelope"}`),
				line("b3", 20_001, `{"id": "o", "detail-type": "Object Created", "source": "aws.s3", "detail": {"object": {"key": "bay.png"}}}`),
				line("b4", 20_002, `{"id": "x", "detail-type": "Object Deleted", "source": "aws.s3", "detail": {"object": {"key": "bay.png"}}}`))
		case in.LogGroupName == "/harbour" && in.NextToken == "":
			found, next = append(found, line("a1", 30_000, step("one"))), "2"
		case in.NextToken == "2":
			next = "3" // nothing on this page
		case in.NextToken == "3":
			found = append(found, line("a2", 31_000, step("two")), line("a3", 31_000, `not a step`))
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_ = json.NewEncoder(w).Encode(map[string]any{"events": found, "nextToken": aws.String(next), "searchedLogStreams": []any{}})
		if next == "" && in.LogGroupName == "/harbour" && !strings.Contains(in.FilterPattern, `$.msg = "step"`) {
			t.Errorf("asked for %s", in.FilterPattern)
		}
	}))
	t.Cleanup(server.Close)
	return cloudwatchlogs.NewFromConfig(endpoint.At(server.URL))
}

func TestCloudWatch(t *testing.T) {
	c := &source.CloudWatch{
		Client: logs(t), Groups: []string{"/events", "/silent", "/denied", "/harbour"}, Since: time.UnixMilli(1000), Every: time.Millisecond,
		Outsiders: wired(t).Outsiders,
	}
	got := newNotes().read(t, c, 5)[:5]
	if !strings.HasPrefix(got[4], "trouble read the logs of /denied: ") {
		t.Errorf("reported %q, want trouble with /denied", got[4])
	}
	if diff := cmp.Diff([]string{"published p", "published o", "step harbour one", "step harbour two"}, got[:4]); diff != "" {
		t.Error("(-want +got)\n" + diff)
	}
}

// TestCloudWatchTellsOnce checks that polls overlap a little but report nothing twice.
func TestCloudWatchTellsOnce(t *testing.T) {
	c := &source.CloudWatch{Client: logs(t), Groups: []string{"/harbour", "/denied"}, Since: time.UnixMilli(1000), Every: time.Millisecond}
	n := newNotes()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond) // many polls
	defer cancel()
	if err := c.Read(ctx, n); err != nil {
		t.Fatal(err)
	}
	if len(n.lines) != 3 { // two steps, and the trouble of the first poll
		t.Errorf("reported %q", n.lines)
	}
}
