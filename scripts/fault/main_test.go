package main

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/fixture"
)

// call runs the command and returns its exit code and output.
func call(t *testing.T, arguments ...string) (int, string) {
	t.Helper()
	var all bytes.Buffer
	code := cli.Run(t.Context(), run, arguments, cli.Terminal{Out: &all, Err: &all})
	return code, all.String()
}

func TestFault(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.Endpoint)
	t.Chdir(fixture.Root(t))
	for _, step := range []struct {
		arguments string
		code      int
		says      []string
	}{
		{"-h", 0, []string{"Examples:", "-service harbour -kind throttle"}},
		{"", 0, []string{"no active faults"}},
		{"-service lighthouse -kind throttle -rate 0.1", 0, []string{"lighthouse-throttle is active"}},
		{"-service lighthouse -kind throttle -rate 20%", 0, []string{"lighthouse-throttle is active"}}, // in its place
		{"-service buoy -kind slow", 0, []string{"buoy-slow is active"}},
		{"-service harbour -kind crash -latency 20ms -count 3", 0, []string{"harbour-crash is active"}},
		{"-service harbour -kind duplicate", 0, []string{"harbour-duplicate is active"}},
		{"-kind fail -aws sqs -operation SendMessage -code Oh -status 400", 0, []string{"all-fail-sqs-SendMessage is active"}},
		{"", 0, []string{
			"20 % of the calls of lighthouse are throttled\n", "all the calls of buoy take 500 ms longer\n",
			"all the invocations of harbour are killed after 20 ms, 3 times\n", "all the messages for harbour arrive twice\n",
			"all the calls of all services to sqs.SendMessage fail with Oh\n",
		}},
		{"-service harbour -off", 0, []string{"harbour-crash removed; it was applied 0 times", "harbour-duplicate removed"}},
		{"-kind slow -off", 0, []string{"buoy-slow removed"}},
		{"-off", 0, []string{"lighthouse-throttle removed", "all-fail-sqs-SendMessage removed"}},
		{"-off", 0, []string{"no such fault is active"}},

		{"lighthouse", cli.ExitUsage, []string{`unexpected argument "lighthouse"`}},
		{"-service lighthouse", cli.ExitUsage, []string{"-service alone", "add -kind"}},
		{"-service lighthuose -kind fail", cli.ExitUsage, []string{`no service "lighthuose"`, "lighthouse"}},
		{"-kind explode", cli.ExitUsage, []string{"Kind must be one of"}},
		{"-kind fail -rate 2", cli.ExitUsage, []string{"10% or 0.1"}},
		{"-kind fail -rate 200%", cli.ExitUsage, []string{"10% or 0.1"}},
		{"-service lighthouse -operation SendMessage", cli.ExitUsage, []string{"-operation and -service alone", "add -kind"}},
		{"-service lighthouse -kind fail -operation SendMessage", cli.ExitUsage, []string{"-operation SendMessage needs -aws"}},
		{"-kind duplicate", cli.ExitUsage, []string{"needs -service"}},
		{"-service buoy -kind crash", cli.ExitUsage, []string{"it is a worker"}},
		{"-service gull -kind duplicate", cli.ExitUsage, []string{"it has no queue"}},
		{"-kind crash", cli.ExitUsage, []string{"needs -service"}},
	} {
		code, says := call(t, strings.Fields(step.arguments)...)
		for _, want := range step.says {
			if code != step.code || !strings.Contains(says, want) {
				t.Errorf("fault %s: exit %d, says %q; want %d, %q", step.arguments, code, says, step.code, want)
			}
		}
	}
}

// TestStrikes checks that a client sees an injected fault, and that the list counts it.
func TestStrikes(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	call(t, "-endpoint", server.Endpoint, "-kind", "fail", "-aws", "sqs", "-count", "1")
	client := sqs.NewFromConfig(endpoint.At(server.Endpoint), func(o *sqs.Options) { o.RetryMaxAttempts = 1 })
	for i, fails := range []bool{true, false} {
		if _, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{}); (err != nil) != fails {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	if _, says := call(t, "-endpoint", server.Endpoint); !strings.Contains(says, "all-fail-sqs  1        all the calls of all services to sqs fail with InternalFailure: over") {
		t.Errorf("the list is:\n%s", says)
	}
}

func TestElsewhere(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	if code, says := call(t, "-endpoint", "http://"+nobody.Addr().String()); code != cli.ExitFailure || !strings.Contains(says, "make up starts the local cloud") {
		t.Errorf("where nobody listens: exit %d, says %q", code, says)
	}
	other := another(t)
	if code, says := call(t, "-endpoint", other); code != cli.ExitFailure || !strings.Contains(says, "isn't one: it doesn't support faults") {
		t.Errorf("at another endpoint: exit %d, says %q", code, says)
	}
}

// another returns an AWS-compatible endpoint that isn't a local cloud.
func another(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"__type": "UnknownOperationException"}`))
	}))
	t.Cleanup(server.Close)
	return server.URL
}
