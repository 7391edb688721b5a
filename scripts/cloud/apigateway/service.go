// Package apigateway implements HTTP APIs (API Gateway v2): the API that manages them, and a front that serves them
// by invoking functions with payload format 2.0.
package apigateway

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"example.com/localcloud/journal"
	"example.com/localcloud/wire"
)

// Invoke runs a function for an API and returns its response. It returns an error if the function failed or the API
// may not invoke it.
type Invoke func(ctx context.Context, function, sourceARN string, payload []byte) ([]byte, error)

// Service holds the HTTP APIs of the account. Create it with New.
type Service struct {
	invoke  Invoke
	journal *journal.Journal // nil: nothing survives the process

	mu   sync.RWMutex
	next int // numbers ids, so that they are the same in every run
	apis map[string]*api
}

// New returns a service without APIs.
func New(invoke Invoke) *Service {
	return &Service{invoke: invoke, apis: map[string]*api{}}
}

// api is an HTTP API with its integrations, routes and stages.
type api struct {
	API
	integrations []Integration
	routes       []Route
	stages       []Stage
}

// Wire returns the service's table of operations.
func (s *Service) Wire() *wire.REST {
	return &wire.REST{Name: "apigateway", Routes: []wire.Route{
		{Pattern: "POST /v2/apis", Status: http.StatusCreated, Operation: wire.Op("CreateApi", s.CreateApi, nil)},
		{Pattern: "GET /v2/apis", Status: http.StatusOK, Operation: wire.Op("GetApis", s.GetApis, nil)},
		{Pattern: "GET /v2/apis/{ApiId}", Status: http.StatusOK, Operation: wire.Op("GetApi", s.GetApi, nil)},
		{Pattern: "DELETE /v2/apis/{ApiId}", Status: http.StatusNoContent, Operation: wire.Op("DeleteApi", s.DeleteApi, nil)},
		{Pattern: "POST /v2/apis/{ApiId}/integrations", Status: http.StatusCreated, Operation: wire.Op("CreateIntegration", s.CreateIntegration, nil)},
		{Pattern: "GET /v2/apis/{ApiId}/integrations", Status: http.StatusOK, Operation: wire.Op("GetIntegrations", s.GetIntegrations, nil)},
		{Pattern: "POST /v2/apis/{ApiId}/routes", Status: http.StatusCreated, Operation: wire.Op("CreateRoute", s.CreateRoute, nil)},
		{Pattern: "GET /v2/apis/{ApiId}/routes", Status: http.StatusOK, Operation: wire.Op("GetRoutes", s.GetRoutes, nil)},
		{Pattern: "DELETE /v2/apis/{ApiId}/routes/{RouteId}", Status: http.StatusNoContent, Operation: wire.Op("DeleteRoute", s.DeleteRoute, nil)},
		{Pattern: "POST /v2/apis/{ApiId}/stages", Status: http.StatusCreated, Operation: wire.Op("CreateStage", s.CreateStage, nil)},
		{Pattern: "GET /v2/apis/{ApiId}/stages", Status: http.StatusOK, Operation: wire.Op("GetStages", s.GetStages, nil)},
	}}
}

// newID returns an id of ten characters, as long as API Gateway's. The caller holds the lock.
func (s *Service) newID() string {
	s.next++
	id := strconv.FormatInt(int64(s.next), 36)
	return "local00000"[:10-len(id)] + id
}

// find returns an API. The caller holds the lock.
func (s *Service) find(id string) (*api, error) {
	if found := s.apis[id]; found != nil {
		return found, nil
	}
	return nil, notFound("API", id)
}

func notFound(what, id string) error {
	return &wire.Error{Code: "NotFoundException", Status: http.StatusNotFound, Message: "Invalid " + what + " identifier specified " + wire.Account + ":" + id}
}

func badRequest(format string, args ...any) error {
	return wire.Errorf("BadRequestException", format, args...)
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }
