package apigateway

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// Integration connects an API to a function.
type Integration struct {
	IntegrationID        string `json:"integrationId"`
	IntegrationType      string `json:"integrationType"`
	IntegrationURI       string `json:"integrationUri"`
	PayloadFormatVersion string `json:"payloadFormatVersion"`
}

// CreateIntegrationInput describes a new integration.
type CreateIntegrationInput struct {
	APIID                string `json:"-" path:"ApiId"`
	IntegrationType      string `json:"integrationType"`
	IntegrationURI       string `json:"integrationUri"`
	IntegrationMethod    string `json:"integrationMethod"`
	PayloadFormatVersion string `json:"payloadFormatVersion"`
}

// CreateIntegration connects an API to a function, with payload format 2.0.
func (s *Service) CreateIntegration(_ context.Context, in *CreateIntegrationInput) (*Integration, error) {
	if in.IntegrationType != "AWS_PROXY" || in.PayloadFormatVersion != "2.0" {
		return nil, badRequest("the local cloud supports only integrations of type AWS_PROXY with payload format 2.0, not %s with %q",
			in.IntegrationType, in.PayloadFormatVersion)
	}
	if in.IntegrationMethod != "" && in.IntegrationMethod != http.MethodPost {
		return nil, badRequest("the IntegrationMethod of a function is POST, not %q", in.IntegrationMethod)
	}
	if err := checkFunction(in.IntegrationURI); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.APIID)
	if err != nil {
		return nil, err
	}
	made := Integration{
		IntegrationID: s.newID(), IntegrationType: in.IntegrationType,
		IntegrationURI: in.IntegrationURI, PayloadFormatVersion: in.PayloadFormatVersion,
	}
	a.integrations = append(a.integrations, made)
	s.keep(a)
	return &made, nil
}

// Integrations is a list of integrations.
type Integrations struct {
	Items []Integration `json:"items"`
}

// GetIntegrations lists an API's integrations.
func (s *Service) GetIntegrations(_ context.Context, in *APIInput) (*Integrations, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, err := s.find(in.APIID)
	if err != nil {
		return nil, err
	}
	return &Integrations{Items: append([]Integration{}, a.integrations...)}, nil
}

// functionOf returns the function's ARN in a URI. The URI is the ARN itself or an invocation path around it:
//
//	arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/<ARN>/invocations
func functionOf(uri string) string {
	if inner, wrapped := strings.CutPrefix(uri, "arn:aws:apigateway:"+wire.Region+":lambda:path/2015-03-31/functions/"); wrapped {
		if inner, complete := strings.CutSuffix(inner, "/invocations"); complete {
			return inner
		}
	}
	return uri
}

// checkFunction checks that a URI is of a function of this account and region. Whether there is one shows at the first
// request, as on AWS.
func checkFunction(uri string) error {
	name, err := wire.Local("lambda", "function:", functionOf(uri))
	if err != nil {
		return badRequest("Invalid function ARN or invalid uri: %q: %v", uri, err)
	}
	if _, version, qualified := strings.Cut(name, ":"); qualified && version != "$LATEST" {
		return badRequest("Invalid function ARN or invalid uri: %q: a function of the local cloud has no version but $LATEST", uri)
	}
	return nil
}

// function returns the function for a route's target, "integrations/<id>".
func (a *api) function(target string) string {
	at := slices.IndexFunc(a.integrations, func(i Integration) bool { return "integrations/"+i.IntegrationID == target })
	if at < 0 {
		return ""
	}
	return functionOf(a.integrations[at].IntegrationURI)
}
