package otlp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace/noop"

	"example.com/troupe/services/kit/otlp"
)

func TestSpansReachTheCollector(t *testing.T) {
	var received atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		received.Add(n)
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "team=bells,") // the comma at the end is a mistake
	spans, err := otlp.Start(t.Context(), "tower", "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { otel.SetTracerProvider(noop.NewTracerProvider()) })
	_, span := otel.Tracer("test").Start(t.Context(), "ring")
	span.End()
	if err := spans.ForceFlush(t.Context()); err != nil || received.Load() == 0 {
		t.Errorf("no span arrived: %v", err)
	}
	if err := spans.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
