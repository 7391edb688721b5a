package process

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"example.com/localcloud/lambda"
	"example.com/localcloud/wire"
)

// initTimeout is how long a function may take to request its first invocation (Lambda's developer guide, "Init
// phase").
const initTimeout = 10 * time.Second

// Runner starts functions as processes. The zero value is ready to use.
type Runner struct{}

// process is one execution environment.
type process struct {
	api    *runtimeAPI
	cmd    *exec.Cmd
	output *output

	exited    chan struct{} // closed when the process has ended and exit is set
	exit      error
	closeOnce sync.Once
	stop      context.CancelFunc // stops the runtime API
	serving   sync.WaitGroup
}

// Start runs the function's bootstrap and waits until it requests an invocation.
func (Runner) Start(ctx context.Context, spec lambda.Spec) (lambda.Environment, error) {
	l, err := wire.Listen("127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the runtime API of %s: %w", spec.ARN, err)
	}
	p := &process{api: newRuntimeAPI(spec.ARN), exited: make(chan struct{})}
	p.serve(l)
	if err := p.run(spec, l.Addr().String()); err != nil {
		p.stop()
		p.serving.Wait()
		return nil, fmt.Errorf("start %s: %w", spec.ARN, err)
	}
	if err := p.initialised(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *process) serve(l net.Listener) {
	var ctx context.Context
	ctx, p.stop = context.WithCancel(context.Background())
	p.serving.Go(func() { _ = wire.Serve(ctx, l, p.api.handler()) }) // if the listener fails, the function times out
}

// run starts the process and watches for its exit.
func (p *process) run(spec lambda.Spec, api string) error {
	var err error
	if p.output, err = newOutput(spec.Log); err != nil {
		return err
	}
	p.cmd = exec.Command(filepath.Join(spec.Directory, "bootstrap"))
	p.cmd.Dir = spec.Directory
	p.cmd.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + api}
	for _, name := range slices.Sorted(maps.Keys(spec.Variables)) {
		p.cmd.Env = append(p.cmd.Env, name+"="+spec.Variables[name])
	}
	p.cmd.Stdout, p.cmd.Stderr = p.output.pipe, p.output.pipe
	p.cmd.SysProcAttr = ownGroup()
	if err := p.cmd.Start(); err != nil {
		p.output.close()
		return err
	}
	p.serving.Go(func() {
		p.exit = p.cmd.Wait()
		killGroup(p.cmd.Process) // kill the children that it left behind
		p.output.close()
		close(p.exited)
	})
	return nil
}

// initialised waits for the first request for an invocation.
func (p *process) initialised(ctx context.Context) error {
	timer := time.NewTimer(initTimeout)
	defer timer.Stop()
	select {
	case <-p.api.ready:
		return nil
	case failure := <-p.api.initFailed:
		return failure
	case <-p.exited:
		return p.exitFailure("", true)
	case <-timer.C:
		return failure("Sandbox.Timedout", fmt.Sprintf("Error: the function did not ask for an invocation within %v of its start", initTimeout), true)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Invoke passes an invocation to the process and waits for its response.
func (p *process) Invoke(ctx context.Context, invocation lambda.Invocation) ([]byte, error) {
	call := p.api.call(invocation)
	defer p.api.abandon()
	select {
	case <-call.done:
		p.output.sync(invocation.RequestID)
		return call.payload, call.err
	case <-p.exited:
		select {
		case <-call.done: // it responded before it ended
			return call.payload, call.err
		default:
			if !call.taken.Load() {
				return nil, lambda.ErrEnded
			}
			return nil, p.exitFailure(invocation.RequestID, false)
		}
	case <-ctx.Done():
		p.output.sync(invocation.RequestID)
		return nil, ctx.Err()
	}
}

// exitFailure returns the error for a process that exited by itself.
func (p *process) exitFailure(requestID string, init bool) *lambda.Failure {
	why := "Error: Runtime exited without providing a reason"
	if p.exit != nil {
		why = "Error: Runtime exited with error: " + p.exit.Error()
	}
	if requestID != "" {
		why = "RequestId: " + requestID + " " + why
	}
	return failure("Runtime.ExitError", why, init)
}

func failure(kind, message string, init bool) *lambda.Failure {
	payload, _ := json.Marshal(map[string]string{"errorType": kind, "errorMessage": message}) // strings always marshal
	return &lambda.Failure{Type: kind, Payload: payload, Spent: true, Init: init}
}

// Close kills the process and its children, and waits until they have ended.
func (p *process) Close() {
	p.closeOnce.Do(func() {
		if p.Alive() { // otherwise another group may have its number by now
			killGroup(p.cmd.Process)
		}
		<-p.exited
		p.stop()
		p.serving.Wait()
	})
}

// Alive reports whether the process is still running.
func (p *process) Alive() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// MemoryUsed returns the peak resident set, in MB.
func (p *process) MemoryUsed() int { return peakMemory(p.cmd.Process.Pid) }

var _ lambda.Runner = Runner{}
