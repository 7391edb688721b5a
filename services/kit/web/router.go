package web

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/unit"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

const (
	headerKey         = "Idempotency-Key"
	headerReplayed    = "Idempotency-Replayed"
	headerCorrelation = "X-Correlation-Id"

	maxCorrelation = 128 // characters of a correlation id
)

// Handler handles a request. It reads and, where its route is a unit of work, saves and
// publishes through tx. Only an answer of 2xx commits; any other leaves no trace, and
// neither does an error, which is answered with a problem document. It may run more than
// once.
type Handler func(tx *eventing.Tx, w http.ResponseWriter, r *http.Request) error

// Route is a route of a service.
type Route struct {
	Pattern string // "GET /orders/{id}"
	Handler Handler
	Unit    bool // a unit of work; otherwise the handler only reads
}

// Router serves the routes of a service.
type Router struct {
	runner   *unit.Runner
	patterns []string
	mux      *http.ServeMux
}

// NewRouter returns a router whose units of work a runner runs.
func NewRouter(runner *unit.Runner, routes []Route) *Router {
	rt := &Router{runner: runner, mux: http.NewServeMux()}
	for _, route := range routes {
		rt.patterns = append(rt.patterns, route.Pattern)
		if route.Unit {
			rt.mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) { rt.serveUnit(w, r, route) })
		} else {
			rt.mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) { rt.serveQuery(w, r, route) })
		}
	}
	return rt
}

// ServeHTTP answers a request. If no route matches, it answers with a problem document.
func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
		Problem(w, http.StatusBadRequest, "The path is invalid", "It must be UTF-8 without NUL.", nil) // no store can tell such keys apart
		return
	}
	handler, pattern := rt.mux.Handler(r)
	if pattern != "" {
		rt.mux.ServeHTTP(w, r)
		return
	}
	w.Header().Set(headerCorrelation, correlation(r, events.NewID()))
	plain := newRecorder()
	handler.ServeHTTP(plain, r)
	if allowed := plain.Header().Get("Allow"); plain.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", allowed)
		Problem(w, plain.status, "Method not allowed", "Here you can use "+allowed+".", nil)
		return
	}
	Problem(w, http.StatusNotFound, "Not found", "This service serves "+strings.Join(rt.patterns, ", ")+".", nil)
}

// begin gives a request with an id its correlation id, its span and the time that service.json
// allows, and returns how to end them.
func (rt *Router) begin(w http.ResponseWriter, r *http.Request, pattern, request string, body []byte) (context.Context, func(error)) {
	id := correlation(r, request)
	w.Header().Set(headerCorrelation, id)
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(rt.runner.Manifest.TimeoutSeconds)*time.Second)
	ctx = rt.runner.Request(unit.WithCorrelation(ctx, id, request), body)
	ctx, span := rt.runner.Start(ctx, pattern, trace.SpanKindServer, propagation.HeaderCarrier(r.Header),
		attribute.String("http.request.method", r.Method), attribute.String("http.route", pattern))
	return ctx, func(err error) {
		unit.End(ctx, span, err)
		cancel()
	}
}

// correlation returns the client's correlation id if it is valid, or the fallback.
func correlation(r *http.Request, fallback string) string {
	if id := r.Header.Get(headerCorrelation); visible(id, maxCorrelation) {
		return id
	}
	return fallback
}

// visible reports whether a text is 1 to limit visible characters of ASCII.
func visible(text string, limit int) bool {
	invisible := func(r rune) bool { return r <= ' ' || r > '~' }
	return text != "" && len(text) <= limit && !strings.ContainsFunc(text, invisible)
}
