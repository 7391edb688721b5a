package wiring

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"example.com/troupe/scripts/internal/topology"
)

// payloadFormat is the version of the payload in which an HTTP API passes a request to a function.
const payloadFormat = "2.0"

// httpAPI creates the HTTP API with the routes of the created functions, and returns its ID.
func (w *Wirer) httpAPI(ctx context.Context, t *topology.Topology, made map[string]Service) (id string, err error) {
	if len(t.Routes) == 0 {
		return "", nil
	}
	if id, err = w.findOrCreateAPI(ctx, t.Names.Prefix()); err != nil {
		return "", err
	}
	there, err := w.api.GetRoutes(ctx, &apigatewayv2.GetRoutesInput{ApiId: &id})
	if err != nil {
		return "", fmt.Errorf("list its routes: %w", err)
	}
	known := map[string]bool{}
	for _, route := range there.Items {
		known[aws.ToString(route.RouteKey)] = true
	}
	integrations := map[string]string{} // by service
	for _, route := range t.Routes {
		if _, ours := made[route.Service]; known[route.Key] || !ours {
			continue
		}
		if err := w.route(ctx, id, t, route, integrations); err != nil {
			return "", fmt.Errorf("create route %s: %w", route.Key, err)
		}
	}
	return id, w.stage(ctx, id)
}

func (w *Wirer) findOrCreateAPI(ctx context.Context, name string) (id string, err error) {
	if id, err = w.findAPI(ctx, name); id != "" || err != nil {
		return id, err
	}
	made, err := w.api.CreateApi(ctx, &apigatewayv2.CreateApiInput{Name: &name, ProtocolType: types.ProtocolTypeHttp})
	if err != nil {
		return "", making("HTTP API", name, err)
	}
	return aws.ToString(made.ApiId), nil
}

// findAPI returns the ID of an HTTP API, or "" if there is none.
func (w *Wirer) findAPI(ctx context.Context, name string) (id string, err error) {
	apis, err := w.api.GetApis(ctx, &apigatewayv2.GetApisInput{})
	if err != nil {
		return "", fmt.Errorf("list HTTP APIs: %w", err)
	}
	for _, api := range apis.Items {
		if aws.ToString(api.Name) == name {
			return aws.ToString(api.ApiId), nil
		}
	}
	return "", nil
}

func (w *Wirer) route(ctx context.Context, api string, t *topology.Topology, route topology.Route, integrations map[string]string) error {
	if integrations[route.Service] == "" {
		id, err := w.integration(ctx, api, t, route.Service)
		if err != nil {
			return err
		}
		integrations[route.Service] = id
	}
	_, err := w.api.CreateRoute(ctx, &apigatewayv2.CreateRouteInput{
		ApiId: &api, RouteKey: &route.Key, Target: aws.String("integrations/" + integrations[route.Service]),
	})
	return err
}

// integration connects the API to a service's function and permits the API to invoke it.
func (w *Wirer) integration(ctx context.Context, api string, t *topology.Topology, service string) (id string, err error) {
	function := t.Names.ARN("lambda", "function:"+t.Names.Service(service))
	made, err := w.api.CreateIntegration(ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: &api, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: &function, PayloadFormatVersion: aws.String(payloadFormat),
	})
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
	return aws.ToString(made.IntegrationId), nil
}

// stage creates the default stage, which deploys every change automatically.
func (w *Wirer) stage(ctx context.Context, api string) error {
	_, err := w.api.CreateStage(ctx, &apigatewayv2.CreateStageInput{ApiId: &api, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
	if _, exists := errors.AsType[*types.ConflictException](err); exists {
		return nil
	}
	return making("stage of HTTP API", api, err)
}
