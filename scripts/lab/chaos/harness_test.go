//go:build chaos && linux

package chaos_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/stack"
)

const (
	deadline = "10s"           // of orders: one whose answers come later is cancelled, which is an end as good as any
	patience = 2 * time.Minute // for everything to settle, on a busy machine
	lookGap  = 20 * time.Millisecond
)

// visibility, in seconds, is a sixth of what is declared, so that what a dead process held comes again soon. It then comes
// more often, too: so often before it counts as a dead letter.
const visibility, maxReceives = "10", "20"

// troupe is what is broken: a whole troupe, its database and what was seen of it.
type troupe struct {
	*stack.Stack
	database  *postgres
	faults    *inject.Client
	publisher string // the binary of scripts/publish
	seen      *recorder

	mu           sync.Mutex
	acknowledged []string // orders
	poisoned     map[string]bool
}

func start(t *testing.T) *troupe {
	t.Helper()
	root, err := stack.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	p := &troupe{database: startPostgres(t), publisher: filepath.Join(t.TempDir(), "publish"), poisoned: map[string]bool{}}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", p.publisher, "./scripts/publish")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build publish: %v\n%s", err, out)
	}
	if p.Stack, err = stack.Start(t.Context(), stack.Options{Root: root, Log: os.Stderr, Environment: map[string]map[string]string{
		"orders": {"DEADLINE": deadline}, "warehouse": {"DATABASE_URL": p.database.url()},
	}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	p.faults = inject.New(p.Config())
	p.seen = record(p.Tap())
	t.Cleanup(p.seen.close)
	p.hurry(t)
	return p
}

// watch looks at the queues with more patience than the services have: its calls fail as theirs do.
func (p *troupe) watch() settle.Watch {
	watch := p.Watch()
	watch.Client = sqs.NewFromConfig(p.Config(), func(o *sqs.Options) { o.RetryMaxAttempts = 10 })
	return watch
}

// hurry makes messages of processes that died come again sooner than is declared.
func (p *troupe) hurry(t *testing.T) {
	t.Helper()
	client := sqs.NewFromConfig(p.Config())
	for _, service := range p.Topology().Services {
		if service.Queue == nil {
			continue
		}
		url := p.Watch().Queues[service.Name]
		if _, err := client.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{
			"VisibilityTimeout": visibility,
			"RedrivePolicy":     fmt.Sprintf(`{"deadLetterTargetArn": %q, "maxReceiveCount": %q}`, service.DeadLetters.ARN, maxReceives),
		}}); err != nil {
			t.Fatal(err)
		}
	}
}

// until waits until something holds.
func until(ctx context.Context, what string, holds func() (bool, error)) error {
	for {
		done, err := holds()
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited for %s: %w", what, ctx.Err())
		case <-time.After(lookGap):
		}
	}
}

// progress waits until services have done so many steps more.
func (p *troupe) progress(ctx context.Context, steps int) error {
	from := p.Steps.Count()
	return until(ctx, fmt.Sprintf("%d steps", steps), func() (bool, error) { return p.Steps.Count() >= from+steps, nil })
}
