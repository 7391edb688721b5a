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

// elsewhere are the commands that another check runs, and which.
var elsewhere = map[string]string{
	"make test":           "it is what runs this test",
	"make surge":          "scripts/surge plays a small one",
	"make plan ENV=dev":   "make test-terraform runs it",
	"make deploy ENV=dev": "make test-terraform runs it",

	"terraform -chdir=terraform/bootstrap init":                                   "make test-terraform runs it",
	"terraform -chdir=terraform/bootstrap apply -var github_repository=acme/shop": "make test-terraform runs it",
}

// TestCommands runs every command of README's sh blocks, in their order. `make up` is
// left running for those after it, on free ports in the place of its own.
func TestCommands(t *testing.T) {
	text, err := os.ReadFile(root + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := commandsIn(string(text))
	if len(commands) < 5 {
		t.Fatalf("README shows %d commands; is it read right?", len(commands))
	}
	addresses := strings.NewReplacer()
	for _, command := range commands {
		switch why := elsewhere[command]; {
		case why != "":
			t.Logf("%s: not run here: %s", command, why)
		case command == "make up":
			addresses = up(t)
		default:
			run(t, addresses.Replace(command))
		}
	}
}

var block = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")

func commandsIn(markdown string) (commands []string) {
	for _, match := range block.FindAllStringSubmatch(markdown, -1) {
		for line := range strings.Lines(match[1]) {
			if line = strings.TrimSpace(line); line != "" {
				commands = append(commands, line)
			}
		}
	}
	return commands
}

func run(t *testing.T, command string) {
	t.Helper()
	began := time.Now()
	output, err := shell(t.Context(), command).CombinedOutput()
	if err != nil || strings.HasPrefix(command, "curl") && !bytes.Contains(output, []byte("HTTP/1.1 202")) {
		t.Errorf("%s: %v\n%s", command, err, output)
	}
	t.Logf("%s: %.1f s", command, time.Since(began).Seconds())
}

// shell returns a command that runs where README stands, and ends with the context as a
// person would end it.
func shell(ctx context.Context, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "bash", "-c", command)
	cmd.Dir = root
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 20 * time.Second
	return cmd
}

// up starts `make up` on free ports until the test ends, and returns what replaces its
// own addresses in later commands.
func up(t *testing.T) *strings.Replacer {
	t.Helper()
	cloud, api := freeAddress(t), freeAddress(t)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := shell(ctx, fmt.Sprintf("make up CONSOLE=127.0.0.1:0 CLOUD=%s API=%s", cloud, api))
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
		_ = cmd.Wait() // ended by the interrupt; a second call only says so
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
	t.Setenv("AWS_ENDPOINT_URL", "http://"+cloud) // where publish looks
	return strings.NewReplacer("127.0.0.1:4566", cloud, "127.0.0.1:8080", api)
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
	got := commandsIn("text\n```sh\nmake a\n\nmake b\n```\n```go\nno\n```\n```sh\nmake c\n```\n")
	if want := "make a|make b|make c"; strings.Join(got, "|") != want {
		t.Errorf("commands = %q, want %q", got, want)
	}
}
