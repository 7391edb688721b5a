package readme

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

const root = "../../.."

// elsewhere lists the commands that are not run here, with reasons.
var elsewhere = []struct {
	commands *regexp.Regexp
	why      string
}{
	{regexp.MustCompile(`^make test`), "it is what runs this test, or another"},
	{regexp.MustCompile(`^make (surge|bench|fuzz)\b`), "it takes minutes; its own tests run a little of it"},
	{regexp.MustCompile(`^(make (plan|deploy|destroy|console)|terraform|aws)\b`), "it needs AWS; make test-terraform runs what doesn't"},
	{regexp.MustCompile(`^(make (adopt|rename|upgrade|new|remove)|git|cd)\b`), "it changes the checkout; its own test does so in a copy"},
}

// TestCommands runs every command in README's sh blocks in order. It leaves `make up` running for the later ones, on
// free ports instead of the default ones.
func TestCommands(t *testing.T) {
	text, err := os.ReadFile(root + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := commandsIn(string(text))
	if len(commands) == 0 {
		t.Skip("README shows no command in a block of sh")
	}
	addresses := strings.NewReplacer()
	for _, command := range commands {
		switch why := notHere(command); {
		case why != "":
			t.Logf("%s: not run here: %s", command, why)
		case command == "make up" || strings.HasPrefix(command, "make up "):
			addresses = up(t, command)
		default:
			run(t, addresses.Replace(command))
		}
	}
}

func notHere(command string) (why string) {
	for _, e := range elsewhere {
		if e.commands.MatchString(command) {
			return e.why
		}
	}
	return ""
}

// comment matches HTML comments, which readers of the page don't see.
var comment = regexp.MustCompile("(?s)<!--.*?-->")

var block = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")

func commandsIn(markdown string) (commands []string) {
	for _, match := range block.FindAllStringSubmatch(comment.ReplaceAllString(markdown, ""), -1) {
		for line := range strings.Lines(match[1]) {
			if line = strings.TrimSpace(line); line != "" {
				commands = append(commands, line)
			}
		}
	}
	return commands
}

// run runs a command, which must succeed. A request must return 2xx.
func run(t *testing.T, command string) {
	t.Helper()
	began := time.Now()
	request := strings.HasPrefix(command, "curl ") && !strings.Contains(command, "|")
	if request {
		command += ` -w '\n%{http_code}'`
	}
	output, err := shell(t.Context(), command).CombinedOutput()
	if err != nil || request && !accepted.Match(output) {
		t.Errorf("%s: %v\n%s", command, err, output)
	}
	t.Logf("%s: %.1f s", command, time.Since(began).Seconds())
}

// accepted matches the last line of a request that returned 2xx.
var accepted = regexp.MustCompile(`\n2\d\d$`)

// shell returns a command that runs in README's folder. When the context ends, it is interrupted.
func shell(ctx context.Context, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "bash", "-c", command)
	cmd.Dir = root
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 20 * time.Second
	return cmd
}

// up starts `make up` on free ports until the test ends, and returns the replacements for the default addresses in
// later commands.
func up(t *testing.T, command string) *strings.Replacer {
	t.Helper()
	cloud, api, console := freeAddress(t), freeAddress(t), freeAddress(t)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := shell(ctx, fmt.Sprintf("%s CONSOLE=%s CLOUD=%s API=%s", command, console, cloud, api))
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // interrupted above; a second call returns an error
	})
	ready := make(chan struct{})
	go func() {
		scanner := bufio.NewScanner(stdout)
		for scanner.Scan() {
			if strings.Contains(scanner.Text(), "Ctrl-C") {
				close(ready)
				break
			}
		}
		_, _ = io.Copy(io.Discard, stdout)
	}()
	select {
	case <-ready:
	case <-time.After(2 * time.Minute):
		cancel()
		_ = cmd.Wait()
		t.Fatalf("make up is not ready after two minutes:\n%s", &stderr)
	}
	t.Setenv("AWS_ENDPOINT_URL", "http://"+cloud) // read by publish
	return strings.NewReplacer("127.0.0.1:4566", cloud, "127.0.0.1:8080", api, "127.0.0.1:8090", console)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestCommandsIn(t *testing.T) {
	got := commandsIn("text\n```sh\nmake a\n\nmake b\n```\n```go\nno\n```\n<!-- not\n```sh\nmake seen\n```\n-->\n```sh\nmake c\n```\n")
	if want := "make a|make b|make c"; strings.Join(got, "|") != want {
		t.Errorf("commands = %q, want %q", got, want)
	}
	for command, here := range map[string]bool{
		"make test": false, "make test-faults": false, "make surge FAST=1": false, "make plan ENV=dev": false, "terraform init": false, "make new EVENT=a.b.v1": false,
		"make sim SEEDS=10": true, "make newest": true, "make publish EVENT=a.b.v1": true,
	} {
		if why := notHere(command); (why == "") != here {
			t.Errorf("%s: %q", command, why)
		}
	}
}
