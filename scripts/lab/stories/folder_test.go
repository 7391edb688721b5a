package stories_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/testevent"
	"example.com/troupe/scripts/internal/workers"
)

// TestServiceIsOneFolder adds a service to a copy of the repository, and nothing else: it hears what it
// declares.
func TestServiceIsOneFolder(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := start(ctx, checkout(t, "greeter"), race, nil, "greeter")
	if err != nil {
		t.Fatal(err)
	}
	defer closeStack(t, s)
	contract, err := testevent.Find(s.Contracts(), "order.confirmed.v1")
	if err != nil {
		t.Fatal(err)
	}
	confirmed, err := testevent.Fresh(contract, contract.Examples[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	message, err := testevent.Message(contract, confirmed)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publisher(s.Config(), "orders").Publish(ctx, message); err != nil {
		t.Fatal(err)
	}
	step, err := s.Steps.Find(ctx, func(step events.Step) bool {
		return step.Service == "greeter" && step.EventID == message.Envelope.Metadata.ID
	})
	if err != nil || step.Outcome != events.Handled {
		t.Errorf("the greeter's step: %+v, %v", step, err)
	}
}

// own starts a troupe for one test, which then runs beside others that have their own. Its services are built as
// operators run them. At somebody else's endpoint there is room for one troupe only.
func own(t *testing.T) *stack.Stack {
	t.Helper()
	if os.Getenv("TROUPE_ENDPOINT") != "" {
		return troupe
	}
	t.Parallel()
	s, err := start(t.Context(), "../../..", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStack(t, s) })
	return s
}

func closeStack(t *testing.T, s *stack.Stack) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestLyingManifest starts a binary whose handlers are not those that its manifest tells of.
func TestLyingManifest(t *testing.T) {
	b := build.Builder{Root: checkout(t, "liar"), Dir: filepath.Join(t.TempDir(), "bin"), Race: race}
	if err := b.Build(t.Context(), "liar"); err != nil {
		t.Fatal(err)
	}
	p, err := workers.Start(workers.Spec{Name: "liar", Path: b.Path("liar"), Env: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Ready(t.Context())
	if err == nil {
		t.Fatal("it started")
	}
	for _, want := range []string{"exit status 2", "hears order.cancelled.v1, but no handler takes it", "handles order.confirmed.v1, but service.json does not hear it"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("it says %v\nand should say: %s", err, want)
		}
	}
}
