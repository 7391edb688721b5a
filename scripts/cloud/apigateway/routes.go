package apigateway

import (
	"context"
	"net/http"
	"slices"

	"example.com/localcloud/wire"
)

// Route sends requests that match its key to an integration.
type Route struct {
	RouteID  string `json:"routeId"`
	RouteKey string `json:"routeKey"` // "GET /jobs/{id}", "ANY /{proxy+}", "$default"
	Target   string `json:"target"`   // "integrations/<id>"

	key routeKey
}

// CreateRouteInput describes a new route.
type CreateRouteInput struct {
	APIID    string `json:"-" path:"ApiId"`
	RouteKey string `json:"routeKey"`
	Target   string `json:"target"`
}

// CreateRoute adds a route to an API.
func (s *Service) CreateRoute(_ context.Context, in *CreateRouteInput) (*Route, error) {
	key, err := parseRouteKey(in.RouteKey)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.APIID)
	switch {
	case err != nil:
		return nil, err
	case a.function(in.Target) == "":
		return nil, badRequest("Invalid target %q: no such integration", in.Target)
	case slices.ContainsFunc(a.routes, func(r Route) bool { return r.RouteKey == in.RouteKey }):
		return nil, conflict("Route with key " + in.RouteKey + " already exists for this API")
	}
	made := Route{RouteID: s.newID(), RouteKey: in.RouteKey, Target: in.Target, key: key}
	a.routes = append(a.routes, made)
	s.keep(a)
	return &made, nil
}

func conflict(message string) error {
	return &wire.Error{Code: "ConflictException", Status: http.StatusConflict, Message: message}
}

// Routes is a list of routes.
type Routes struct {
	Items []Route `json:"items"`
}

// GetRoutes lists an API's routes.
func (s *Service) GetRoutes(_ context.Context, in *APIInput) (*Routes, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, err := s.find(in.APIID)
	if err != nil {
		return nil, err
	}
	return &Routes{Items: append([]Route{}, a.routes...)}, nil
}

// DeleteRouteInput identifies a route.
type DeleteRouteInput struct {
	APIID   string `json:"-" path:"ApiId"`
	RouteID string `json:"-" path:"RouteId"`
}

// DeleteRoute deletes a route of an API.
func (s *Service) DeleteRoute(_ context.Context, in *DeleteRouteInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.APIID)
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(slices.Clone(a.routes), func(r Route) bool { return r.RouteID == in.RouteID })
	if len(kept) == len(a.routes) {
		return nil, notFound("Route", in.RouteID)
	}
	a.routes = kept
	s.keep(a)
	return &Nothing{}, nil
}
