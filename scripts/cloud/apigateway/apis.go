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

// CreateAPIInput asks for an API.
type CreateAPIInput struct {
	Name         string `json:"name"`
	Description  string `json:"description"`
	ProtocolType string `json:"protocolType"`
}

// CreateApi makes an API of the protocol HTTP.
func (s *Service) CreateApi(_ context.Context, in *CreateAPIInput) (*API, error) {
	if in.Name == "" {
		return nil, badRequest("Name is required")
	}
	if in.ProtocolType != "HTTP" {
		return nil, badRequest("the local cloud has HTTP APIs only, not %s", in.ProtocolType)
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

// PageInput asks for a page of a list of everything. There is only one page.
type PageInput struct {
	MaxResults string `json:"-" query:"maxResults"`
}

// APIs is a list of APIs.
type APIs struct {
	Items []API `json:"items"`
}

// GetApis lists the APIs, in the order of their making.
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

// Nothing is the answer of what only deletes.
type Nothing struct{}

// DeleteApi removes an API with all that belongs to it.
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
