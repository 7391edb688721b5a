package lambda

import (
	"context"
	"os"
	"sync"
	"time"

	"example.com/localcloud/iam"
	"example.com/localcloud/journal"
	"example.com/localcloud/logs"
	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// Options holds the dependencies of Lambda.
type Options struct {
	Endpoint string // of the cloud, for functions: AWS_ENDPOINT_URL
	Runner   Runner
	IAM      *iam.Service
	SQS      *sqs.Service
	Logs     *logs.Service
	Tap      *tap.Tap

	// Send sends notices to destinations of other services, by service: "sns", "events". Queues and functions need
	// none.
	Send map[string]func(ctx context.Context, arn string, notice Notice) error

	// Crashes, if set, is called for each invocation that begins. If it returns true, the function's process is
	// killed after the returned duration.
	Crashes func(function string) (after time.Duration, crashes bool)
}

// Service is AWS Lambda. Create it with New and stop it with Close.
type Service struct {
	Options
	journal *journal.Journal // nil: nothing survives the process

	mu        sync.Mutex
	functions map[string]*function // by name
	mappings  map[string]*mapping  // by UUID
	directory string               // of code; created with the first function
	closed    bool

	closing context.Context
	close   context.CancelFunc
	running sync.WaitGroup
}

// New returns a service without functions.
func New(o Options) *Service {
	s := &Service{Options: o, functions: map[string]*function{}, mappings: map[string]*mapping{}}
	s.closing, s.close = context.WithCancel(context.Background())
	return s
}

// begin registers work that Close must wait for, until end is called. It returns false once the service is closed.
func (s *Service) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.running.Add(1)
	return true
}

func (s *Service) end() { s.running.Done() }

// launch runs f in a goroutine unless the service is closed.
func (s *Service) launch(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.launchLocked(f)
}

// launchLocked is like launch, but the caller holds the mutex.
func (s *Service) launchLocked(f func()) {
	if !s.closed {
		s.running.Go(f)
	}
}

// Close stops all invocations and environments, and waits for them.
func (s *Service) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.close()
	s.running.Wait()
	for _, f := range s.functions {
		f.pool.retire()
	}
	if s.directory == "" || s.journal != nil {
		return nil
	}
	return os.RemoveAll(s.directory)
}

var errClosing = &wire.Error{Code: "ServiceException", Status: 500, Message: "the local cloud is shutting down"}
