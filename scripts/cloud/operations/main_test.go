package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"example.com/localcloud"
)

// unsigned operations are rejected before the operation is read.
var unsigned = []string{"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}

// TestOperationsAreWhatTheServerDoes calls every operation of AWS on the cloud through the SDK.
func TestOperationsAreWhatTheServerDoes(t *testing.T) {
	clients := sdkClients(t)
	var out strings.Builder
	if err := list(&out, true); err != nil {
		t.Fatal(err)
	}
	var listed []serviceOperations
	if err := json.Unmarshal([]byte(out.String()), &listed); err != nil {
		t.Fatal(err)
	}
	for i, service := range listed {
		known := awsServices[i].operations()
		if len(known) < 10 || len(service.Present)+len(service.Absent) != len(known) {
			t.Errorf("%s: %d are there and %d are not, and the SDK knows %d", service.Service, len(service.Present), len(service.Absent), len(known))
		}
		for _, name := range known {
			if slices.Contains(unsigned, name) {
				continue
			}
			said := ask(t.Context(), clients[awsServices[i].signs], name)
			refused := strings.Contains(said, "the local cloud has no operation")
			if listed := slices.Contains(service.Absent, name); refused != listed {
				t.Errorf("%s %s: listed as absent is %t, but the response is %s", service.Service, name, listed, said)
			}
			if refused && !strings.Contains(said, "UnknownOperationException") && !strings.Contains(said, "InvalidAction") {
				t.Errorf("%s %s is refused with another code: %s", service.Service, name, said)
			}
		}
	}
}

// ask calls an operation with "x" for every string, and returns the error's text.
func ask(ctx context.Context, client any, name string) string {
	method := reflect.ValueOf(client).MethodByName(name)
	in := reflect.New(method.Type().In(1).Elem())
	for _, field := range in.Elem().Fields() {
		switch {
		case !field.CanSet():
		case field.Type() == reflect.TypeFor[*string]():
			field.Set(reflect.ValueOf(aws.String("x")))
		case field.Kind() == reflect.String:
			field.SetString("x")
		}
	}
	err, _ := method.Call([]reflect.Value{reflect.ValueOf(ctx), in})[1].Interface().(error)
	if err == nil {
		return ""
	}
	return err.Error()
}

// sdkClients returns clients of a cloud, by the service name in their signatures. They validate no input. They reach
// the cloud under any host name, because the SDK adds a prefix to the host for some operations.
func sdkClients(t *testing.T) map[string]any {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	address := strings.TrimPrefix(server.Endpoint, "http://")
	_, port, _ := net.SplitHostPort(address)
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud.localhost:" + port), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  &http.Client{Transport: &http.Transport{DialContext: dial}},
		APIOptions: []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
			_, _ = stack.Initialize.Remove("OperationInputValidation") // not every operation has it
			return nil
		}},
	}
	return map[string]any{
		"apigateway": apigatewayv2.NewFromConfig(config),
		"dynamodb":   dynamodb.NewFromConfig(config),
		"events":     eventbridge.NewFromConfig(config),
		"iam":        iam.NewFromConfig(config),
		"lambda":     lambda.NewFromConfig(config),
		"logs":       cloudwatchlogs.NewFromConfig(config),
		"scheduler":  scheduler.NewFromConfig(config),
		"sns":        sns.NewFromConfig(config),
		"sqs":        sqs.NewFromConfig(config),
		"sts":        sts.NewFromConfig(config),
	}
}

func TestOperationsAsText(t *testing.T) {
	var out strings.Builder
	if err := list(&out, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Amazon SQS: ", "  + SendMessage\n", "  - AddPermission\n", "names it.\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
}
