package lambda

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"

	"example.com/localcloud/iam"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// maxTail is the most of an invocation's log that its caller may receive, in bytes.
const maxTail = 4 << 10

// instance is an environment with its credentials, log stream and pool.
type instance struct {
	Environment
	pool        *pool
	credentials iam.Credentials
	stream      string // log stream
	init        time.Duration
	fresh       bool // no invocation yet; the first one reports the init duration
	reaper      *time.Timer
	doomed      bool // to be killed after its invocation: see crash

	mu   sync.Mutex
	tail []byte // of the log since the invocation began
}

func newInstance(p *pool) *instance {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // crypto/rand.Read never fails
	stream := time.Now().UTC().Format("2006/01/02") + "/[" + latest + "]" + hex.EncodeToString(id)
	return &instance{pool: p, stream: stream, fresh: true}
}

func (in *instance) start(ctx context.Context) error {
	p := in.pool
	var err error
	if in.credentials, err = p.service.IAM.Issue("lambda.amazonaws.com", p.settings.Role, p.name); err != nil {
		return fmt.Errorf("assume the role of %s: %w", p.name, err)
	}
	began := time.Now()
	in.Environment, err = p.service.Runner.Start(ctx, Spec{
		ARN: arnOf(p.name), Directory: p.code.directory, Variables: in.variables(), Log: in.log,
	})
	in.init = time.Since(began)
	hop := tap.Hop{Kind: tap.Started, Resource: arnOf(p.name)}
	if err != nil {
		hop.Kind, hop.Note, hop.Body = tap.NotStarted, err.Error(), in.copyTail()
	}
	if p.service.closing.Err() == nil {
		p.service.Tap.Tell(hop)
	}
	return err
}

// variables returns the function's environment variables, including Lambda's (developer guide, "Defined runtime
// environment variables").
func (in *instance) variables() map[string]string {
	p := in.pool
	variables := map[string]string{
		"AWS_LAMBDA_FUNCTION_NAME":        p.name,
		"AWS_LAMBDA_FUNCTION_VERSION":     latest,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(*p.settings.MemorySize),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       p.settings.LoggingConfig.LogGroup,
		"AWS_LAMBDA_LOG_STREAM_NAME":      in.stream,
		"AWS_REGION":                      wire.Region,
		"AWS_DEFAULT_REGION":              wire.Region,
		"AWS_ACCESS_KEY_ID":               in.credentials.AccessKeyId,
		"AWS_SECRET_ACCESS_KEY":           in.credentials.SecretAccessKey,
		"AWS_SESSION_TOKEN":               in.credentials.SessionToken,
		"AWS_ENDPOINT_URL":                p.service.Endpoint,
		"LAMBDA_TASK_ROOT":                p.code.directory,
		"LAMBDA_RUNTIME_DIR":              p.code.directory,
		"_HANDLER":                        p.settings.Handler,
		"TZ":                              ":UTC",
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin",
	}
	if p.settings.Environment != nil {
		maps.Copy(variables, p.settings.Environment.Variables)
	}
	return variables
}

// log writes a line to the function's log group.
func (in *instance) log(line string) {
	p := in.pool
	p.service.Logs.Append(p.settings.LoggingConfig.LogGroup, in.stream, line)
	p.service.Tap.Tell(tap.Hop{Kind: tap.Logged, Resource: arnOf(p.name), Body: []byte(line)})
	in.mu.Lock()
	defer in.mu.Unlock()
	in.tail = append(append(in.tail, line...), '\n')
	if over := len(in.tail) - maxTail; over > 0 {
		in.tail = append(in.tail[:0], in.tail[over:]...)
	}
}

// takeTail returns the tail of the log and resets it.
func (in *instance) takeTail() []byte {
	in.mu.Lock()
	defer in.mu.Unlock()
	tail := in.tail
	in.tail = nil
	return tail
}

// copyTail returns the tail of the log.
func (in *instance) copyTail() []byte {
	in.mu.Lock()
	defer in.mu.Unlock()
	return bytes.Clone(in.tail)
}

func (in *instance) close() {
	if in.Environment != nil {
		in.Close()
	}
	in.pool.service.IAM.Revoke(in.credentials)
}

func (in *instance) memoryUsed() int {
	if in.Environment == nil {
		return 0
	}
	return in.MemoryUsed()
}
