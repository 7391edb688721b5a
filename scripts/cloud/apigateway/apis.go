package apigateway

import (
	"cmp"
	"context"
	"slices"
)

// API is an HTTP API.
type API struct {
	APIID        string `json:"apiId"`
	Name         string `json:"name"`
	Description  string `json:"description,omitempty"`
	ProtocolType string `json:"protocolType"`
	APIEndpoint  string `json:"apiEndpoint"`
	CreatedDate  string `json:"createdDate"`
}

// CreateAPIInput describes a new API.
type CreateAPIInput struct {
	Name         string `json:"name"`
	Description  string `json:"description"`
	ProtocolType string `json:"protocolType"`
}

// CreateApi creates an API with the protocol HTTP.
func (s *Service) CreateApi(_ context.Context, in *CreateAPIInput) (*API, error) {
	if in.Name == "" {
		return nil, badRequest("Name is required")
	}
	if in.ProtocolType != "HTTP" {
		return nil, badRequest("the local cloud supports HTTP APIs only, not %s", in.ProtocolType)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	made := &api{API: API{
		APIID: s.newID(), Name: in.Name, Description: in.Description, ProtocolType: in.ProtocolType, CreatedDate: now(),
	}}
	made.APIEndpoint = "http://" + made.APIID + domain
	s.apis[made.APIID] = made
	s.keep(made)
	return &made.API, nil
}

// PageInput selects a page. There is only one.
type PageInput struct {
	MaxResults string `json:"-" query:"maxResults"`
}

// APIs is a list of APIs.
type APIs struct {
	Items []API `json:"items"`
}

// GetApis lists the APIs in order of creation.
func (s *Service) GetApis(context.Context, *PageInput) (*APIs, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &APIs{Items: []API{}}
	for _, a := range s.apis {
		out.Items = append(out.Items, a.API)
	}
	slices.SortFunc(out.Items, func(a, b API) int { return cmp.Compare(a.APIID, b.APIID) })
	return out, nil
}

// APIInput names an API.
type APIInput struct {
	APIID string `json:"-" path:"ApiId"`
}

// GetApi returns an API.
func (s *Service) GetApi(_ context.Context, in *APIInput) (*API, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, err := s.find(in.APIID)
	if err != nil {
		return nil, err
	}
	return new(a.API), nil
}

// Nothing is the output of operations that return nothing.
type Nothing struct{}

// DeleteApi deletes an API with its integrations, routes and stages.
func (s *Service) DeleteApi(_ context.Context, in *APIInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(in.APIID); err != nil {
		return nil, err
	}
	delete(s.apis, in.APIID)
	s.journal.Delete(kindAPI, in.APIID)
	return &Nothing{}, nil
}
