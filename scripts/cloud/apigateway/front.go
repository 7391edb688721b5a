package apigateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/wire"
)

// Quotas of HTTP APIs (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
const (
	maxRequest     = 10 << 20 // bytes
	maxIntegration = 30 * time.Second
)

// domain follows the id of an API in its host name.
const domain = ".execute-api." + wire.Region + ".localhost"

// Front serves the APIs. The host name selects the API; any other name selects the only one.
func (s *Service) Front() http.Handler { return http.HandlerFunc(s.serveFront) }

func (s *Service) serveFront(w http.ResponseWriter, r *http.Request) {
	apiID, route, function, variables := s.route(r)
	if function == "" {
		fail(w, http.StatusNotFound, "Not Found")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		fail(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	}
	payload, err := newEvent(apiID, route, variables, r, body)
	if err != nil {
		s.broken(w, route, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), maxIntegration)
	defer cancel()
	response, err := s.invoke(ctx, function, sourceARN(apiID, r.Method, route), payload)
	if errors.Is(err, context.DeadlineExceeded) {
		fail(w, http.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	if e, ok := errors.AsType[*wire.Error](err); ok && e.Status == http.StatusRequestEntityTooLarge {
		fail(w, e.Status, "Request Entity Too Large")
		return
	}
	if err == nil {
		err = respond(w, response)
	}
	if err != nil {
		s.broken(w, route, err)
	}
}

// route returns the route for a request, its function and the path's variables.
func (s *Service) route(r *http.Request) (apiID string, best Route, function string, variables map[string]string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a := s.at(r.Host)
	if a == nil || len(a.stages) == 0 {
		return "", Route{}, "", nil
	}
	for _, candidate := range a.routes {
		found, ok := candidate.key.match(r.Method, r.URL.Path)
		if ok && (function == "" || compare(candidate.key, best.key) < 0) {
			best, variables, function = candidate, found, a.function(candidate.Target)
		}
	}
	return a.APIID, best, function, variables
}

// at returns the API that a host names, or the only one. The caller holds the lock.
func (s *Service) at(host string) *api {
	if id, _, named := strings.Cut(host, ".execute-api."); named {
		return s.apis[id]
	}
	if len(s.apis) == 1 {
		return slices.Collect(maps.Values(s.apis))[0]
	}
	return nil
}

// sourceARN returns the source of an invocation for the function's policy: the stage and route of an API.
func sourceARN(apiID, method string, route Route) string {
	path := "/$default"
	if _, keyed, ok := strings.Cut(route.RouteKey, " "); ok {
		path = keyed
	}
	return wire.ARN("execute-api", apiID+"/"+defaultStage+"/"+method+path)
}

// broken responds as API Gateway does to an unusable response of a function, and logs the reason.
func (s *Service) broken(w http.ResponseWriter, route Route, err error) {
	slog.Warn("HTTP API: no usable response from the function", "route", route.RouteKey, "error", err)
	fail(w, http.StatusInternalServerError, "Internal Server Error")
}

func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	write(w, status, []byte(`{"message":"`+message+`"}`))
}
