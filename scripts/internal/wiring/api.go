package wiring

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"example.com/troupe/scripts/internal/topology"
)

// payloadFormat is the version of the payload in which an HTTP API passes a request to a function.
const payloadFormat = "2.0"

// httpAPI creates the HTTP API with the routes of the created functions, and returns its ID.
func (w *Wirer) httpAPI(ctx context.Context, t *topology.Topology, made map[string]Service) (api string, err error) {
	if len(t.Routes) == 0 {
		return "", nil
	}
	if api, err = w.findOrCreateAPI(ctx, t.Names.Prefix()); err != nil {
		return "", err
	}
	there, err := w.routes(ctx, api)
	if err != nil {
		return "", err
	}
	known := map[string]string{} // IDs, by key
	for _, made := range there {
		known[made.Key] = made.ID
	}
	integrations := map[string]string{} // by service
	for _, route := range t.Routes {
		id, exists := known[route.Key]
		if _, ours := made[route.Service]; !ours {
			continue
		}
		switch function := isFunction(t, route.Service); {
		case exists && !function: // it has become a worker; its permission went with the function
			err = w.removeRoute(ctx, api, madeRoute{id, route.Key})
		case !exists && function:
			if err = w.route(ctx, api, t, route, integrations); err != nil {
				err = fmt.Errorf("create route %s: %w", route.Key, err)
			}
		}
		if err != nil {
			return "", err
		}
	}
	return api, w.stage(ctx, api)
}

// isFunction reports whether a service runs as a function.
func isFunction(t *topology.Topology, service string) bool {
	return slices.ContainsFunc(t.Services, func(s topology.Service) bool { return s.Name == service && s.Function != nil })
}

func (w *Wirer) findOrCreateAPI(ctx context.Context, name string) (id string, err error) {
	if id, err = w.findAPI(ctx, name); id != "" || err != nil {
		return id, err
	}
	var made struct{ ApiId string }
	err = w.calls.api(ctx, http.MethodPost, "", map[string]string{"name": name, "protocolType": "HTTP"}, &made)
	return made.ApiId, making("HTTP API", name, err)
}

// findAPI returns the ID of an HTTP API, or "" if there is none.
func (w *Wirer) findAPI(ctx context.Context, name string) (id string, err error) {
	var apis struct {
		Items []struct{ ApiId, Name string }
	}
	if err := w.calls.api(ctx, http.MethodGet, "", nil, &apis); err != nil {
		return "", fmt.Errorf("list HTTP APIs: %w", err)
	}
	for _, api := range apis.Items {
		if api.Name == name {
			return api.ApiId, nil
		}
	}
	return "", nil
}

// madeRoute is a route of an HTTP API.
type madeRoute struct {
	ID  string `json:"routeId"`
	Key string `json:"routeKey"`
}

// routes returns the routes that an HTTP API has.
func (w *Wirer) routes(ctx context.Context, api string) ([]madeRoute, error) {
	var routes struct{ Items []madeRoute }
	if err := w.calls.api(ctx, http.MethodGet, "/"+api+"/routes", nil, &routes); err != nil {
		return nil, fmt.Errorf("list the routes of the HTTP API: %w", err)
	}
	return routes.Items, nil
}

func (w *Wirer) removeRoute(ctx context.Context, api string, route madeRoute) error {
	if err := w.calls.api(ctx, http.MethodDelete, "/"+api+"/routes/"+route.ID, nil, nil); err != nil {
		return fmt.Errorf("remove route %s: %w", route.Key, err)
	}
	return nil
}

func (w *Wirer) route(ctx context.Context, api string, t *topology.Topology, route topology.Route, integrations map[string]string) error {
	if integrations[route.Service] == "" {
		id, err := w.integration(ctx, api, t, route.Service)
		if err != nil {
			return err
		}
		integrations[route.Service] = id
	}
	return w.calls.api(ctx, http.MethodPost, "/"+api+"/routes", map[string]string{
		"routeKey": route.Key, "target": "integrations/" + integrations[route.Service],
	}, nil)
}

// integration connects the API to a service's function and permits the API to invoke it.
func (w *Wirer) integration(ctx context.Context, api string, t *topology.Topology, service string) (id string, err error) {
	function := t.Names.ARN("lambda", "function:"+t.Names.Service(service))
	var made struct{ IntegrationId string }
	err = w.calls.api(ctx, http.MethodPost, "/"+api+"/integrations", map[string]string{
		"integrationType": "AWS_PROXY", "integrationUri": function, "payloadFormatVersion": payloadFormat,
	}, &made)
	if err != nil {
		return "", fmt.Errorf("integrate %s: %w", function, err)
	}
	_, err = w.lambda.AddPermission(ctx, &lambda.AddPermissionInput{
		FunctionName: &function, StatementId: aws.String("http-api"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("apigateway.amazonaws.com"), SourceArn: aws.String(t.Names.ARN("execute-api", api+"/*")),
	})
	if _, exists := errors.AsType[*lambdatypes.ResourceConflictException](err); err != nil && !exists {
		return "", fmt.Errorf("permit the HTTP API to invoke %s: %w", function, err)
	}
	return made.IntegrationId, nil
}

// stage creates the default stage, which deploys every change automatically.
func (w *Wirer) stage(ctx context.Context, api string) error {
	err := w.calls.api(ctx, http.MethodPost, "/"+api+"/stages", map[string]any{"stageName": "$default", "autoDeploy": true}, nil)
	if has(err, "ConflictException") {
		return nil
	}
	return making("stage of HTTP API", api, err)
}
