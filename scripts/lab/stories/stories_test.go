package stories_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/lab/fixture"
)

// patience limits every wait of a test, which polls every pollEvery.
const patience, pollEvery = 60 * time.Second, 20 * time.Millisecond

var (
	root        string                       // the tree of the observatory, which no test changes
	settings    map[string]map[string]string // required by its stories
	observatory *stack.Stack                 // shared by all tests
	all         []*stories.Story             // of the observatory
)

func TestMain(m *testing.M) {
	code, err := play(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func play(m *testing.M) (code int, err error) {
	if err := flag.Set("test.parallel", "16"); err != nil { // stories mostly wait
		return 0, err
	}
	if root, err = os.MkdirTemp("", "observatory-"); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(root)) }()
	if err := fixture.Write(root, "observatory"); err != nil {
		return 0, err
	}
	if all, err = stories.Load(root); err != nil {
		return 0, err
	}
	if settings, err = stories.Settings(all); err != nil {
		return 0, err
	}
	if observatory, err = start(context.Background(), stack.Options{Root: root}); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, observatory.Close()) }()
	return m.Run(), nil
}

// start starts a system with the settings of the stories.
func start(ctx context.Context, options stack.Options) (*stack.Stack, error) {
	environment := map[string]map[string]string{}
	for _, source := range []map[string]map[string]string{settings, options.Environment} {
		for service, values := range source {
			if environment[service] == nil {
				environment[service] = map[string]string{}
			}
			for name, value := range values {
				environment[service][name] = value
			}
		}
	}
	options.Environment, options.Endpoint, options.Log = environment, os.Getenv("TROUPE_ENDPOINT"), os.Stderr
	return stack.Start(ctx, options)
}

// own starts a system for one test, which then runs in parallel with others that have their own. At another endpoint
// only one system fits.
func own(t *testing.T) *stack.Stack {
	t.Helper()
	if os.Getenv("TROUPE_ENDPOINT") != "" {
		return observatory
	}
	t.Parallel()
	s, err := start(t.Context(), stack.Options{Root: root})
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

// TestStories plays the observatory's stories concurrently, and then waits until no message is left, including
// reminders.
func TestStories(t *testing.T) {
	t.Parallel()
	if err := stories.CheckAll(all, observatory.Declared()); err != nil {
		t.Fatal(err)
	}
	stage, err := stories.On(t.Context(), observatory)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("all", func(t *testing.T) {
		for _, story := range all {
			t.Run(story.Name, func(t *testing.T) {
				t.Parallel()
				if _, err := stage.Play(t.Context(), story); err != nil {
					t.Error(err)
				}
			})
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	report, err := observatory.Watch().Wait(ctx)
	if err != nil {
		t.Error(err)
	}
	for _, depth := range report.DeadLetters {
		if !depth.Empty() {
			t.Errorf("after the stories: %s", depth)
		}
	}
}
