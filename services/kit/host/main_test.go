package host

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"example.com/troupe/services/kit/internal/tower"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// TestMain makes the test binary the tower's own where TOWER holds its declaration.
func TestMain(m *testing.M) {
	if declaration := os.Getenv("TOWER"); declaration != "" {
		Main([]byte(declaration), setUp(&tower.Tower{}), WithStore(openMemory))
	}
	os.Exit(m.Run())
}

// process is the tower, running.
type process struct {
	*exec.Cmd
	lines  chan string // of its standard output; closed when it ends
	output bytes.Buffer
	errors bytes.Buffer
}

func startProcess(t *testing.T, environment ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.CommandContext(t.Context(), os.Args[0]), lines: make(chan string, 1000)}
	p.Env, p.Stderr = append(environment, "GOCOVERDIR="+t.TempDir()), &p.errors
	stdout, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for scanner := bufio.NewScanner(io.TeeReader(stdout, &p.output)); scanner.Scan(); {
			p.lines <- scanner.Text()
		}
	}()
	return p
}

// exit waits until the process ends, and returns its code.
func (p *process) exit(t *testing.T) int {
	t.Helper()
	for range p.lines {
	}
	if _, ended := errors.AsType[*exec.ExitError](p.Wait()); !ended && p.ProcessState == nil {
		t.Fatal("it did not end")
	}
	return p.ProcessState.ExitCode()
}

// ready waits for the line that says so, and returns where the routes are served.
func (p *process) ready(t *testing.T) (address string) {
	t.Helper()
	for line := range p.lines {
		var said struct{ Msg, HTTP string }
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if said.Msg == "ready" {
			return said.HTTP
		}
	}
	t.Fatalf("it ended before it was ready: %s", &p.errors)
	return ""
}

func TestWorkerProcess(t *testing.T) {
	cloud := newSmallCloud(t)
	p := startProcess(t, cloud.environment()...)
	address := p.ready(t)
	cloud.send(t, tower.Envelope("e", rung("tom", 2)))
	cloud.send(t, "no event")
	heard := <-cloud.said
	if heard.Metadata.ID != events.DeriveID("e", "tower/bell.rung.v1", 0) || heard.Metadata.CorrelationID != "flow-e" || string(heard.Data) != `{"bell":"tom","times":2}` {
		t.Errorf("said %+v %s", heard.Metadata, heard.Data)
	}
	response, err := http.Post("http://"+address+"/bells", "application/json", strings.NewReader(`{"bell":"tom","times":3}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if again := <-cloud.said; response.StatusCode != http.StatusAccepted || string(again.Data) != `{"bell":"tom","times":5}` {
		t.Errorf("answered %d and said %s", response.StatusCode, again.Data)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.exit(t); code != 0 || p.errors.Len() > 0 {
		t.Errorf("exit code %d: %s", code, &p.errors)
	}
	if left, deadLettered := cloud.messages(t, cloud.queue), cloud.messages(t, cloud.deadLetters); left != "0+0" || deadLettered != "1+0" {
		t.Errorf("%s messages left, %s dead-lettered", left, deadLettered)
	}
	if steps := tower.StepsIn(t, p.output.String()); len(steps) != 3 || !strings.Contains(p.output.String(), `"msg":"stopped"`) || strings.Contains(p.output.String(), "AWS SDK") {
		t.Errorf("steps: %+v\n%s", steps, p.output.String())
	}
}

// TestWorkerProcessWithoutItsQueue is told where to take events directly.
func TestWorkerProcessWithoutItsQueue(t *testing.T) {
	cloud := newSmallCloud(t)
	p := startProcess(t, cloud.environment("DIRECT_HTTP_ADDR=127.0.0.1:0", "HTTP_ADDR=", "QUEUE_URL=", "DEAD_LETTER_QUEUE_URL=")...)
	response, err := http.Post("http://"+p.ready(t)+"/events", "application/json", strings.NewReader(tower.Envelope("e", rung("tom", 2))))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if heard := <-cloud.said; response.StatusCode != http.StatusNoContent || heard.Metadata.CausationID != "e" {
		t.Errorf("answered %d and published %+v", response.StatusCode, heard.Metadata)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.exit(t); code != 0 {
		t.Errorf("exit code %d: %s", code, &p.errors)
	}
}

func TestExitCodes(t *testing.T) {
	cloud := newSmallCloud(t)
	for _, c := range []struct {
		name   string
		env    []string
		code   int
		stderr string
	}{
		{"a manifest that lies", []string{"TOWER=" + strings.Replace(tower.Declaration, "bell.rung.v1", "bell.cast.v1", 1), "DATABASE_URL=x"}, 2, "bell.cast.v1"},
		{"no environment", []string{"TOWER=" + tower.Declaration}, 2, "QUEUE_URL"},
		{"an address that is taken", cloud.environment("HTTP_ADDR=" + taken(t)), 1, "HTTP_ADDR"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := startProcess(t, c.env...)
			if code := p.exit(t); code != c.code || !strings.Contains(p.errors.String(), c.stderr) {
				t.Errorf("exit code %d, want %d: %s", code, c.code, &p.errors)
			}
		})
	}
}

func taken(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}

// TestStartRefused names all that does not agree.
func TestStartRefused(t *testing.T) {
	tower.CaptureLog(t)
	replace := func(old, new string) string { return strings.Replace(tower.Declaration, old, new, 1) }
	both := func(rt *Runtime) error { eventing.On(rt, (&tower.Tower{}).Ring); return setUp(&tower.Tower{})(rt) }
	for _, c := range []struct {
		name        string
		declaration string
		env         map[string]string
		setUp       func(*Runtime) error
		store       Opener
		want        []string
		other       bool // not a matter of configuration
	}{
		{name: "no manifest", declaration: "{", want: []string{"service.json"}},
		{name: "a manifest with a typo", declaration: replace(`"subscribes"`, `"hear"`), want: []string{"service.json:4", "subscribes"}},
		{name: "another event", declaration: replace("bell.rung.v1", "bell.cast.v1"), want: []string{
			"service.json subscribes to bell.cast.v1, but no handler takes it",
			"Tower.Ring (harness_test.go:", "handles bell.rung.v1, but service.json does not subscribe to it"}},
		{name: "another route", declaration: replace("POST /bells", "PUT /bells"), want: []string{
			"service.json serves PUT /bells, but no handler takes it", "a handler serves POST /bells, but service.json does not"}},
		{name: "two handlers", setUp: both, want: []string{"bell.rung.v1 has two handlers"}},
		{name: "a setting that is not declared", declaration: replace(`"LOUDNESS": "3", `, ``), want: []string{"LOUDNESS, which is not in service.json"}},
		{name: "settings of another kind", env: map[string]string{"LOUDNESS": "loud", "REST": "5"}, want: []string{
			`LOUDNESS is "loud": it must be a whole number`, `REST is "5": it must be a duration`}},
		{name: "no environment", env: map[string]string{"EVENT_BUS_NAME": "", "TOPIC_ARN_PREFIX": "", "QUEUE_URL": "",
			"DEAD_LETTER_QUEUE_URL": "", "DATABASE_URL": "", "HTTP_ADDR": "", "TRACE_PAYLOADS": "maybe", "RATE": "0", "TIMEOUT_SECONDS": "soon"}, want: []string{
			"EVENT_BUS_NAME", "TOPIC_ARN_PREFIX", "QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "DATABASE_URL", "HTTP_ADDR", `TRACE_PAYLOADS is "maybe"`, `RATE is "0"`, `TIMEOUT_SECONDS is "soon"`}},
		{name: "no table", declaration: replace(`"sql"`, `"dynamodb"`), want: []string{"TABLE_NAME"}},
		{name: "no store linked", store: nil, want: []string{"host.WithStore"}},
		{name: "setup fails", setUp: func(*Runtime) error { return tower.ErrCracked }, want: []string{"set up tower: the bell is cracked"}, other: true},
		{name: "no database", store: func(context.Context, string, string) (inbox.Driver, error) { return nil, tower.ErrCracked },
			want: []string{"open the service's database: the bell is cracked"}, other: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := maps.Clone(testEnvironment)
			maps.Copy(env, c.env)
			if c.declaration == "" {
				c.declaration = tower.Declaration
			}
			if c.setUp == nil {
				c.setUp = setUp(&tower.Tower{})
			}
			if c.store == nil && c.name != "no store linked" {
				c.store = openMemory
			}
			err := run([]byte(c.declaration), func(name string) string { return env[name] }, c.setUp, WithStore(c.store))
			if _, misconfigured := errors.AsType[*ConfigError](err); misconfigured == c.other {
				t.Fatalf("%T: %v", err, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("it does not say %q:\n%v", want, err)
				}
			}
		})
	}
}

func TestConfig(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	if h.tower.Loudness != 3 || h.tower.Rest != 5*time.Second || h.tower.Material != "bronze" {
		t.Errorf("defaults: %+v", h.tower)
	}
	h.getenv = func(name string) string { return map[string]string{"LOUDNESS": "7"}[name] }
	if n := h.ConfigInt("LOUDNESS"); n != 7 {
		t.Errorf("LOUDNESS from the environment: %d", n)
	}
}

// TestNoStore runs a service that keeps nothing, and one that tries.
func TestNoStore(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	h.runner.Store = noStore{}
	h.consumer.deliver(t.Context(), received("m", tower.Envelope("e", rung("tom", 1)), 1))
	if step := h.log.Steps(t)[0]; step.Outcome != events.DeadLettered || step.Reason != "no-store" || !strings.Contains(step.Error, "service.json") {
		t.Errorf("step: %+v", step)
	}
	for range 2 {
		_, repeated, err := inbox.Do(t.Context(), noStore{}, "k", func(context.Context, *eventing.Tx) error { return nil })
		if err != nil || repeated {
			t.Errorf("repeated %t: %v", repeated, err)
		}
	}
}

// TestNobodyTakesTheLog: a service that runs by hand with the environment of a make up that has ended says what to do.
func TestNobodyTakesTheLog(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := gone.Addr().String()
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	getenv := func(name string) string { return map[string]string{"LOG_COPY": address}[name] }
	err = run([]byte(tower.Declaration), getenv, setUp(&tower.Tower{}))
	if _, refused := errors.AsType[*ConfigError](err); !refused || !strings.Contains(err.Error(), "start make up WITHOUT=tower") {
		t.Errorf("run: %v", err)
	}
}
