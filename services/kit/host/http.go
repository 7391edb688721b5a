package host

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"example.com/troupe/events"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// begin gives a request its correlation id, its span and its time, and returns how to
// end them. The handler has the time that service.json allows, in Lambda and out of it.
func (rt *Runtime) begin(w http.ResponseWriter, r *http.Request, pattern, fallback string) (context.Context, func(error)) {
	id := correlation(r, fallback)
	w.Header().Set(headerCorrelation, id)
	ctx, cancel := context.WithTimeout(r.Context(), rt.timeout())
	ctx = withCorrelation(ctx, id)
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	ctx, span := rt.units.tracer.Start(ctx, pattern, trace.WithSpanKind(trace.SpanKindServer))
	if span.IsRecording() {
		span.SetAttributes(attribute.String("http.request.method", r.Method), attribute.String("http.route", pattern))
	}
	return ctx, func(err error) {
		end(span, err)
		cancel()
	}
}

func (rt *Runtime) timeout() time.Duration {
	return time.Duration(rt.manifest.TimeoutSeconds) * time.Second
}

// query serves a route with a handler that only reads.
func (rt *Runtime) query(pattern string, handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, finish := rt.begin(w, r, pattern, events.NewID())
		var failure error
		defer func() {
			if value := recover(); value != nil {
				failure = fmt.Errorf("panic: %v", value)
				slog.ErrorContext(ctx, "panic", "panic", fmt.Sprint(value), "stack", string(debug.Stack()))
				unavailable(w, failure)
			}
			finish(failure)
		}()
		handler.ServeHTTP(w, r.WithContext(ctx))
	})
}

// router answers what no route takes with problem documents too.
func (rt *Runtime) router() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := rt.mux.Handler(r)
		if pattern != "" {
			rt.mux.ServeHTTP(w, r)
			return
		}
		w.Header().Set(headerCorrelation, correlation(r, events.NewID()))
		plain := newRecorder()
		handler.ServeHTTP(plain, r)
		if plain.status == http.StatusMethodNotAllowed {
			allowed := plain.Header().Get("Allow")
			w.Header().Set("Allow", allowed)
			Problem(w, plain.status, "Method not allowed", "Here you can use "+allowed+".", nil)
			return
		}
		Problem(w, http.StatusNotFound, "Not found", "This service serves "+strings.Join(rt.routes, ", ")+".", nil)
	})
}
