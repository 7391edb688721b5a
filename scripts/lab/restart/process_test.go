//go:build restart

package restarttest_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/pause"
)

// local is the path of the command under test, built by TestMain.
var local string

func TestMain(m *testing.M) { os.Exit(build(m)) }

func build(m *testing.M) int {
	folder, err := os.MkdirTemp("", "restarttest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	local = filepath.Join(folder, "local")
	command := exec.Command("go", "build", "-trimpath", "-o", local, "./scripts/local")
	command.Dir = filepath.Join("..", "..", "..") // another module
	if output, err := command.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the command: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// process is one life of the command.
type process struct {
	cmd    *exec.Cmd
	output bytes.Buffer // read it after the process has ended
	end    sync.Once
}

// run starts the command with a folder, and waits until the endpoint responds or the context ends.
func run(ctx context.Context, t *testing.T, folder, url string, arguments ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(local, arguments...)}
	p.cmd.Dir = folder
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%v wrote:\n%s", arguments[0], tail(p.output.Bytes()))
		}
	})
	eventually(ctx, t, "AWS answers", func() bool { return endpoint.Reachable(ctx, url) == nil })
	return p
}

// kill kills the process and waits for its end.
func (p *process) kill() {
	p.end.Do(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait() // it was killed, so the error is expected
	})
}

func tail(output []byte) []byte { return output[max(0, len(output)-4000):] }

// freeAddress returns an address on which every life listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// eventually waits until a condition holds.
func eventually(ctx context.Context, t *testing.T, what string, holds func() bool) {
	t.Helper()
	for !holds() {
		if ctx.Err() != nil {
			t.Fatalf("this did not come about in time: %s", what)
		}
		pause.For(ctx, 20*time.Millisecond)
	}
}
