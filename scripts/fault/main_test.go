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

// said runs the command and returns its exit code and all that it said.
func said(t *testing.T, arguments ...string) (int, string) {
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
		{"", 0, []string{"no fault is on"}},
		{"-service lighthouse -kind throttle -rate 0.1", 0, []string{"lighthouse-throttle is on"}},
		{"-service lighthouse -kind throttle -rate 0.2", 0, []string{"lighthouse-throttle is on"}}, // in its place
		{"-service buoy -kind slow", 0, []string{"buoy-slow is on"}},
		{"-service harbour -kind crash -latency 20ms -count 3", 0, []string{"harbour-crash is on"}},
		{"-service harbour -kind duplicate", 0, []string{"harbour-duplicate is on"}},
		{"-kind fail -aws sqs -operation SendMessage -code Oh -status 400", 0, []string{"all-fail-sqs-SendMessage is on"}},
		{"", 0, []string{
			"20 % of the calls of lighthouse are throttled\n", "all the calls of buoy take 500 ms longer\n",
			"all the invocations of harbour are killed after 20 ms, 3 times\n", "all the messages for harbour arrive twice\n",
			"all the calls of everybody to sqs.SendMessage fail with Oh\n",
		}},
		{"-service harbour -off", 0, []string{"harbour-crash is off: it struck 0 times", "harbour-duplicate is off"}},
		{"-kind slow -off", 0, []string{"buoy-slow is off"}},
		{"-off", 0, []string{"lighthouse-throttle is off", "all-fail-sqs-SendMessage is off"}},
		{"-off", 0, []string{"no such fault was on"}},

		{"lighthouse", cli.ExitUsage, []string{`unexpected argument "lighthouse"`}},
		{"-service lighthouse", cli.ExitUsage, []string{"say -kind"}},
		{"-service lighthuose -kind fail", cli.ExitUsage, []string{`no service "lighthuose"`, "lighthouse"}},
		{"-kind explode", cli.ExitUsage, []string{"Kind must be one of"}},
		{"-kind fail -rate 2", cli.ExitUsage, []string{"Rate must be from 0 to 1"}},
		{"-service buoy -kind crash", cli.ExitUsage, []string{"it is a worker"}},
		{"-service gull -kind duplicate", cli.ExitUsage, []string{"it has no queue"}},
		{"-kind crash", cli.ExitUsage, []string{"needs a Resource"}},
	} {
		code, says := said(t, strings.Fields(step.arguments)...)
		for _, want := range step.says {
			if code != step.code || !strings.Contains(says, want) {
				t.Errorf("fault %s: exit %d, says %q; want %d, %q", step.arguments, code, says, step.code, want)
			}
		}
	}
}

// TestStrikes: a client meets the fault that the command puts, and the command counts it.
func TestStrikes(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	said(t, "-endpoint", server.Endpoint, "-kind", "fail", "-aws", "sqs", "-count", "1")
	client := sqs.NewFromConfig(endpoint.At(server.Endpoint), func(o *sqs.Options) { o.RetryMaxAttempts = 1 })
	for i, fails := range []bool{true, false} {
		if _, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{}); (err != nil) != fails {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	if _, says := said(t, "-endpoint", server.Endpoint); !strings.Contains(says, "all-fail-sqs  1        all the calls of everybody to sqs fail with InternalFailure: over") {
		t.Errorf("the list says:\n%s", says)
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
	if code, says := said(t, "-endpoint", "http://"+nobody.Addr().String()); code != cli.ExitFailure || !strings.Contains(says, "make up starts the local cloud") {
		t.Errorf("where nobody listens: exit %d, says %q", code, says)
	}
	other := another(t)
	if code, says := said(t, "-endpoint", other); code != cli.ExitFailure || !strings.Contains(says, "isn't one: it doesn't support faults") {
		t.Errorf("at another endpoint: exit %d, says %q", code, says)
	}
}

// another is an AWS-compatible endpoint that is no local cloud.
func another(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"__type": "UnknownOperationException"}`))
	}))
	t.Cleanup(server.Close)
	return server.URL
}
