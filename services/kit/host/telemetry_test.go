package host

import (
	"context"
	"errors"
	"example.com/troupe/services/kit/internal/tower"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/events"
	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace/noop"
)

// recordSpans makes every span from here on end in the exporter.
func recordSpans(t *testing.T, options ...sdktrace.TracerProviderOption) *tracetest.InMemoryExporter {
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(append(options, sdktrace.WithSyncer(exporter))...)
	otel.SetTracerProvider(provider)
	t.Cleanup(func() {
		otel.SetTracerProvider(noop.NewTracerProvider())
		if err := provider.Shutdown(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return exporter
}

// tree returns "parent > name" of each span; a remote parent's id stands for itself.
func tree(spans tracetest.SpanStubs) map[string]codes.Code {
	names, found := map[string]string{}, map[string]codes.Code{}
	for _, s := range spans {
		names[s.SpanContext.SpanID().String()] = s.Name
	}
	for _, s := range spans {
		parent := s.Parent.SpanID().String()
		if name, known := names[parent]; known {
			parent = name
		}
		found[parent+" > "+s.Name] = s.Status.Code
	}
	return found
}

func TestSpans(t *testing.T) {
	const remote, process = "b7ad6b7169203331", "process bell.rung.v1"
	for _, c := range []struct {
		name string
		run  func(*house)
		want map[string]codes.Code
	}{
		{"a message", func(h *house) { deliverOnce(h) }, map[string]codes.Code{
			remote + " > " + process: codes.Unset, process + " > handle bell.rung.v1": codes.Unset,
			process + " > commit": codes.Unset, process + " > publish": codes.Unset}},
		{"a message that fails", func(h *house) {
			h.consumer.deliver(t.Context(), received("m", tower.Envelope("e", rung("flaky", 1)), 1))
		}, map[string]codes.Code{remote + " > " + process: codes.Error, process + " > handle bell.rung.v1": codes.Error}},
		{"a request", func(h *house) {
			ask(h, "POST", "/bells", `{"bell":"tom","times":2}`)
		}, map[string]codes.Code{
			remote + " > POST /bells": codes.Unset, "POST /bells > handle POST /bells": codes.Unset,
			"POST /bells > commit": codes.Unset, "POST /bells > publish": codes.Unset}},
		{"a query", func(h *house) { ask(h, "GET", "/bells/tom", "") },
			map[string]codes.Code{remote + " > GET /bells/{name}": codes.Unset}},
	} {
		t.Run(c.name, func(t *testing.T) {
			exporter := recordSpans(t)
			h := newHouse(t, tower.Declaration)
			c.run(h)
			spans := exporter.GetSpans()
			if diff := cmp.Diff(c.want, tree(spans)); diff != "" {
				t.Error(diff)
			}
			for _, m := range h.bus.Published {
				checkParent(t, spans, m.Envelope.Metadata)
			}
		})
	}
}

// TestReceiveSpan: a worker's receives that bring messages have a span, and those that bring none do not.
func TestReceiveSpan(t *testing.T) {
	exporter := recordSpans(t)
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, tower.Declaration)
		h.ring(1, "tom")
		drain := h.start(t)
		synctest.Wait()
		time.Sleep(time.Minute) // virtual: polls that bring nothing
		drain()
	})
	found := tree(exporter.GetSpans())
	if _, ok := found["0000000000000000 > receive"]; !ok || len(found) != 5 {
		t.Errorf("spans: %v, want a receive, a process, a handle, a commit and a publish", found)
	}
}

// checkParent wants an event to continue the trace from the span of the handler that said it.
func checkParent(t *testing.T, spans tracetest.SpanStubs, said events.Metadata) {
	t.Helper()
	for _, s := range spans {
		if strings.HasPrefix(s.Name, "handle ") {
			want := "00-0af7651916cd43dd8448eb211c80319c-" + s.SpanContext.SpanID().String() + "-01"
			if said.Traceparent != want {
				t.Errorf("the event's traceparent is %s, want %s", said.Traceparent, want)
			}
		}
	}
}

// TestTraceContextFlowsWithoutACollector, and where a sampler drops the spans.
func TestTraceContextFlowsWithoutACollector(t *testing.T) {
	otel.SetTracerProvider(noop.NewTracerProvider())
	h := newHouse(t, tower.Declaration)
	deliverOnce(h)
	if got := h.bus.Published[0].Envelope.Metadata.Traceparent; got != tower.RemoteParent {
		t.Errorf("traceparent %q, want %q", got, tower.RemoteParent)
	}
	exporter := recordSpans(t, sdktrace.WithSampler(sdktrace.NeverSample()))
	h = newHouse(t, tower.Declaration)
	deliverOnce(h)
	got := h.bus.Published[0].Envelope.Metadata.Traceparent
	if !strings.HasPrefix(got, tower.RemoteParent[:36]) || !strings.HasSuffix(got, "-00") || len(exporter.GetSpans()) != 0 {
		t.Errorf("traceparent %q, want the trace of %q, not sampled", got, tower.RemoteParent)
	}
}

// sender counts how often spans were sent.
type sender struct{ flushes, shutdowns int }

func (s *sender) ForceFlush(context.Context) error { s.flushes++; return nil }
func (s *sender) Shutdown(context.Context) error   { s.shutdowns++; return nil }

// TestSpansLeaveWithTheInvocation, before a function may freeze.
func TestSpansLeaveWithTheInvocation(t *testing.T) {
	h, spans := newHouse(t, tower.Declaration), &sender{}
	if h.startTelemetry(t.Context()).flush(t.Context(), flushTime); h.log.Text() != "" {
		t.Errorf("without a collector it says %s", h.log.Text())
	}
	h.env.collector = "http://collector"
	if h.startTelemetry(t.Context()).close(t.Context()); !strings.Contains(h.log.Text(), "host.WithSpans(otlp.Start)") {
		t.Error("a service that links no exporter does not say so")
	}
	WithSpans(func(context.Context, string, string) (Spans, error) { return nil, errors.New("no such collector") })(h.Runtime)
	if h.startTelemetry(t.Context()).close(t.Context()); !strings.Contains(h.log.Text(), "no such collector") {
		t.Error("an exporter that can't start does not say so")
	}
	WithSpans(func(_ context.Context, service, environment string) (Spans, error) {
		if service != "tower" || environment != "test" {
			t.Errorf("spans of %s in %s", service, environment)
		}
		return spans, nil
	})(h.Runtime)
	telemetry := h.startTelemetry(t.Context())
	if _, err := h.function(telemetry).Invoke(t.Context(), batchOf(t, [2]string{"e", tower.Envelope("e", rung("tom", 1))})); err != nil {
		t.Fatal(err)
	}
	telemetry.close(t.Context())
	if *spans != (sender{1, 1}) {
		t.Errorf("spans were sent: %+v", *spans)
	}
}

func BenchmarkDeliver(b *testing.B) {
	h := newHouse(b, tower.Declaration)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		m := received("m", tower.Envelope(events.NewID(), rung("tom", 1)), 1)
		h.log.Reset()
		b.StartTimer()
		if !h.consumer.deliver(b.Context(), m) {
			b.Fatal(h.log.Text())
		}
	}
}

// ask sends a request in the remote trace.
func ask(h *house, method, path, body string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Traceparent", tower.RemoteParent)
	h.router.ServeHTTP(httptest.NewRecorder(), r)
}
