package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"example.com/localcloud"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
)

// TestTakenPort: a port that is taken is found before anything is built, and the advice is for users of make.
func TestTakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, flag := range []string{"cloud", "api", "console"} {
		addresses := map[string]string{"cloud": "127.0.0.1:0", "api": "127.0.0.1:0", "console": "127.0.0.1:0"}
		addresses[flag] = taken.Addr().String()
		arguments := []string{"up"}
		for name, address := range addresses {
			arguments = append(arguments, "-"+name, address)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // less than a build takes
		var out, says bytes.Buffer
		code := cli.Run(ctx, run, arguments, cli.Terminal{Out: &out, Err: &says})
		cancel()
		for _, want := range []string{taken.Addr().String() + " is taken", strings.ToUpper(flag) + "=", "-" + flag} {
			if code == 0 || out.Len() > 0 || !strings.Contains(says.String(), want) {
				t.Errorf("with the port of -%s taken: exit %d, %s%s; want %q", flag, code, &out, &says, want)
			}
		}
	}
}

// TestClients runs the instructions for AWS clients in a shell without a configuration, if the AWS CLI is there.
func TestClients(t *testing.T) {
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	lines := clients(server.Endpoint)
	if !strings.Contains(lines, "--endpoint-url") || !strings.Contains(lines, "in region us-east-1") {
		t.Errorf("the instructions:\n%s", lines)
	}
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not installed")
	}
	_, commands, _ := strings.Cut(lines, "\n")
	command := exec.CommandContext(t.Context(), "sh", "-ec", commands)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "AWS_") {
			command.Env = append(command.Env, variable)
		}
	}
	command.Env = append(command.Env, "HOME="+t.TempDir())
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, out, commands)
	}
}

// TestScreen checks which lines of services are printed, each with its service and its execution.
func TestScreen(t *testing.T) {
	const info = `{"time":"2026-11-27T15:04:05.1Z","level":"INFO","msg":"calm","correlationId":"1f3a9c2e-1"}`
	const warn = `{"time":"2026-11-27T15:04:05.1Z","level":"WARN","msg":"swell","height":3,"correlationId":"1f3a9c2e-1"}`
	for _, test := range []struct {
		logs, service, line string
		wants               []string // none if nothing is printed
	}{
		{"", "buoy", info, nil},
		{"info", "buoy", info, []string{"  1f3a9c2e  buoy ", "INFO  calm"}},
		{"gull,buoy", "buoy", info, []string{"INFO  calm"}},
		{"gull", "buoy", info, nil},
		{"", "buoy", warn, []string{"  1f3a9c2e  buoy ", "WARN  swell  height=3"}},
		{"", "buoy", "panic: boom", []string{"  buoy ", "panic: boom"}},
		{"", "buoy", "START RequestId: 1", nil},
	} {
		var out bytes.Buffer
		lines := newScreen(&out)
		lines.logs = test.logs
		lines.line(test.service, []byte(test.line))
		if test.wants == nil && out.Len() > 0 {
			t.Errorf("LOGS=%s prints %s", test.logs, &out)
		}
		for _, want := range test.wants {
			if !strings.Contains(out.String(), want) {
				t.Errorf("LOGS=%s prints %q for %s; want %q", test.logs, &out, test.line, want)
			}
		}
	}
	var out bytes.Buffer
	lines := newScreen(&out)
	lines.quiet = true
	lines.step(events.Step{Service: "buoy"})
	lines.problem("buoy", "does not start: exit status 2\n  panic: boom\nThe previous version keeps running.")
	if got := out.String(); !strings.Contains(got, "buoy           does not start: exit status 2\n              The previous version keeps running.\n") || strings.Contains(got, "panic") {
		t.Errorf("a problem is printed as %s", got)
	}
}
