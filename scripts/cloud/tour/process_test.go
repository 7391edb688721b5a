//go:build clients

package tour

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"testing"
)

// process is a client in another language. It reads one call per line and writes one reply per line.
type process struct {
	command *exec.Cmd
	in      io.WriteCloser
	calls   *json.Encoder
	replies *json.Decoder
}

func newProcess(t *testing.T, endpoint, program, script string) client {
	t.Helper()
	p := &process{command: exec.CommandContext(t.Context(), program, script)}
	p.command.Env, p.command.Stderr = environment(endpoint), t.Output()
	in, err := p.command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	p.in, p.calls, p.replies = in, json.NewEncoder(in), json.NewDecoder(bufio.NewReader(out))
	return p
}

func (p *process) call(_ context.Context, service, operation string, input any) (*reply, error) {
	if err := p.calls.Encode(map[string]any{"service": service, "operation": operation, "input": input}); err != nil {
		return nil, err
	}
	var r struct {
		reply
		Broken string // the client program itself failed
	}
	if err := p.replies.Decode(&r); err != nil {
		return nil, fmt.Errorf("the client ended: %w", err)
	}
	if r.Broken != "" {
		return nil, errors.New(r.Broken)
	}
	return &r.reply, nil
}

// close ends the process by closing its input.
func (p *process) close() error {
	return errors.Join(p.in.Close(), p.command.Wait())
}
