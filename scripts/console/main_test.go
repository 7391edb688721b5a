package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	cloud "example.com/localcloud"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/wiring"
)

func TestMistakes(t *testing.T) {
	call := clitest.Caller(t, run)
	call("-h", 0, "Examples:")
	call("dev", cli.ExitUsage, `unexpected argument "dev"`)
	call("-since yesterday", cli.ExitUsage, "invalid value")
}

// TestNobody checks that, if no local cloud runs, the error says how to start one.
func TestNobody(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	err = show(t.Context(), fixture.Root(t), options{env: stack.Env, endpoint: nobody}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "start one with make up") {
		t.Errorf("the error is %v", err)
	}
}

// TestTakenPort checks that the advice for a taken port names make's variable.
func TestTakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = show(t.Context(), fixture.Root(t), options{env: stack.Env, addr: taken.Addr().String()}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "is taken") || !strings.Contains(err.Error(), "ADDR=") {
		t.Errorf("the error is %v", err)
	}
}

// TestShow shows an execution from the local cloud's CloudWatch Logs.
func TestShow(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	root := fixture.Root(t)
	logged(t, root, server.Endpoint, `{"msg": "step", "step": {"service": "pilot", "handler": "Log.Note", "eventId": "e", "eventType": "ship.docked.v1",
		"subject": "ship-77", "correlationId": "c", "attempt": 1, "startedAt": "2026-01-01T00:00:00Z", "durationMs": 1, "outcome": "handled"}}`)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	out := &capture{url: make(chan string, 1)}
	done := make(chan error, 1)
	go func() {
		done <- show(ctx, root, options{env: stack.Env, endpoint: server.Endpoint, addr: "127.0.0.1:0", since: time.Hour}, out)
	}()
	var url string
	select {
	case url = <-out.url:
	case err := <-done:
		t.Fatal(err)
	}
	for !strings.Contains(get(t, ctx, url+"/api/executions"), `"subject":"ship-77"`) {
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// logged wires the fixture and writes a line to a service's log group.
func logged(t *testing.T, root, at, line string) {
	t.Helper()
	declared, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	wired, err := declared.Topology(topology.Names{Project: stack.Project, Env: stack.Env, Region: "us-east-1", Account: "000000000000"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wirer := wiring.New(endpoint.At(at))
	wirer.WorkersOnly = true
	if _, err := wirer.Bus(t.Context(), wired.Bus); err != nil {
		t.Fatal(err)
	}
	if _, err := wirer.Wire(t.Context(), wired, declared.Services()...); err != nil {
		t.Fatal(err)
	}
	client, group, stream := cloudwatchlogs.NewFromConfig(endpoint.At(at)), aws.String("/"+stack.Project+"/local/pilot"), aws.String("s")
	_, _ = client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group}) // it may exist already
	if _, err := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream, LogEvents: []types.InputLogEvent{
		{Timestamp: aws.Int64(time.Now().UnixMilli()), Message: &line},
	}}); err != nil {
		t.Fatal(err)
	}
}

// capture receives the command's output and passes on the URL in it.
type capture struct{ url chan string }

var address = regexp.MustCompile(`http://\S+`)

func (o *capture) Write(p []byte) (int, error) {
	if found := address.Find(p); found != nil {
		o.url <- string(found)
	}
	return len(p), nil
}

func get(t *testing.T, ctx context.Context, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return body.String()
}
