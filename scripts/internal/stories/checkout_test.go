package stories_test

import (
	"context"
	"flag"
	"os"
	"testing"
	"time"

	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil { // stories wait more than they work
		panic(err)
	}
	os.Exit(m.Run())
}

// TestStories plays the checkout's stories concurrently with the real binaries, in a local cloud or at the endpoint
// in TROUPE_ENDPOINT.
func TestStories(t *testing.T) {
	root, err := stack.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	all, err := stories.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	settings, err := stories.Settings(all)
	if err != nil {
		t.Fatal(err)
	}
	s, err := stack.Start(t.Context(), stack.Options{
		Root: root, Endpoint: os.Getenv("TROUPE_ENDPOINT"), Race: race, Environment: settings, Log: t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := stories.CheckAll(all, s.Declared()); err != nil {
		t.Fatal(err)
	}
	stage, err := stories.On(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("all", func(t *testing.T) { // stories mostly wait
		for _, story := range all {
			t.Run(story.Name, func(t *testing.T) {
				t.Parallel()
				result, err := stage.Play(t.Context(), story)
				if err != nil {
					t.Error(err)
				}
				if result.Skipped != "" {
					t.Log("skipped:", result.Skipped)
				}
			})
		}
	})
	leaveNothing(t, stage)
}

// leaveNothing waits until the queues hold no messages but reminders that are not due.
func leaveNothing(t *testing.T, stage *stories.Stage) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	watch := stage.Target.Watch()
	watch.IgnoreDelayed = true
	report, err := watch.Wait(ctx)
	if err != nil {
		t.Error(err)
	}
	for _, depth := range report.DeadLetters {
		if !depth.Empty() {
			t.Errorf("after the stories: %s", depth)
		}
	}
}
