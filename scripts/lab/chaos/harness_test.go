//go:build chaos && linux

package chaos_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/lab/always"
	"example.com/troupe/scripts/lab/customer"
	"example.com/troupe/services/kit/invariant"
)

const (
	patience   = 4 * time.Minute  // until everything is settled, on a busy machine
	soonEnough = 15 * time.Second // for things that happen under load, but don't have to
	lookGap    = 20 * time.Millisecond
)

// visibility, in seconds, is a sixth of what is usual, so that what a dead process held comes again soon.
const visibility = "10"

// system is the system under test: all services, their database, and the log of what was observed.
type system struct {
	*stack.Stack
	database *postgres // nil if no service has one
	faults   *inject.Client
	stage    *stories.Stage
	parts    []customer.Part
	log      *always.Log
	seen     *recorder
	chance   *rand.Rand

	mu     sync.Mutex
	broken []string
}

func start(t *testing.T) *system {
	t.Helper()
	root, err := stack.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	declared, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(declared.Manifests) == 0 {
		t.Skip("there is no service to break")
	}
	p := &system{chance: rand.New(rand.NewPCG(rand.Uint64(), 0))}
	environment, err := p.readStories(root, declared)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range declared.Manifests {
		if m.Store == manifest.SQL {
			if p.database == nil {
				p.database = startPostgres(t)
			}
			if err := p.database.create(t.Context(), m.Name); err != nil {
				t.Fatal(err)
			}
			if environment[m.Name] == nil {
				environment[m.Name] = map[string]string{}
			}
			environment[m.Name]["DATABASE_URL"] = p.database.url(m.Name)
		}
	}
	if p.Stack, err = stack.Start(t.Context(), stack.Options{Root: root, Log: os.Stderr, Environment: environment}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	p.log = always.New(declared.Manifests, func(v invariant.Violation) { p.violated(v.String()) })
	p.faults = inject.New(p.Config())
	if p.stage, err = stories.On(t.Context(), p.Stack); err != nil {
		t.Fatal(err)
	}
	p.stage.Transport = p.client(t.Context())
	p.seen = record(p.Tap(), p.Topology().Outsiders)
	t.Cleanup(p.seen.close)
	p.hurry(t)
	return p
}

// readStories reads the customers' parts of the stories: requests and events, without waiting for their consequences.
// It returns the stories' settings, with durations halved.
func (p *system) readStories(root string, declared *stack.Declared) (map[string]map[string]string, error) {
	all, err := stories.Load(root)
	if err != nil {
		return nil, err
	}
	if err := stories.CheckAll(all, declared); err != nil {
		return nil, err
	}
	p.parts = customer.Parts(all)
	for _, part := range p.parts {
		part.Lines = slices.DeleteFunc(part.Lines, func(l stories.Line) bool { return l.Verb == "until" })
	}
	settings, err := stories.Settings(all)
	for _, variables := range settings {
		for name, value := range variables {
			if d, err := time.ParseDuration(value); err == nil {
				variables[name] = (d / 2).String()
			}
		}
	}
	return settings, err
}

// violated records a violation.
func (p *system) violated(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken = append(p.broken, text)
}

// takeBroken returns the violations since its last call.
func (p *system) takeBroken() (broken []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	broken, p.broken = p.broken, nil
	return broken
}

// watch returns a watch whose client retries more often than the services', because its calls fail as theirs do.
func (p *system) watch() settle.Watch {
	watch := p.Watch()
	watch.Client = sqs.NewFromConfig(p.Config(), func(o *sqs.Options) { o.RetryMaxAttempts = 10 })
	return watch
}

// hurry shortens visibility timeouts, so that messages of dead processes are redelivered soon.
func (p *system) hurry(t *testing.T) {
	t.Helper()
	client := sqs.NewFromConfig(p.Config())
	for _, service := range p.Topology().Services {
		if service.Queue == nil {
			continue
		}
		url := p.Watch().Queues[service.Name]
		if _, err := client.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{
			"VisibilityTimeout": visibility,
		}}); err != nil {
			t.Fatal(err)
		}
	}
}
