package stories_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/stack"
)

// deadline is how long the others may take to answer an order in the stories: longer than
// everything but what a story makes slow on purpose.
const deadline = "20s"

// patience bounds every wait of a story.
const patience = 60 * time.Second

// troupe is the one that plays; TestMain starts it.
var troupe *stack.Stack

func TestMain(m *testing.M) {
	os.Exit(play(m))
}

func play(m *testing.M) (code int) {
	if err := flag.Set("test.parallel", "16"); err != nil { // stories wait more than they work
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var err error
	if troupe, err = start(context.Background(), "../../..", race, nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		if err := troupe.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}()
	return m.Run()
}

// start starts the troupe of a checkout, or only some of its services.
func start(ctx context.Context, root string, race bool, environment map[string]map[string]string, only ...string) (*stack.Stack, error) {
	root, err := stack.Root(root)
	if err != nil {
		return nil, err
	}
	if environment == nil {
		environment = map[string]map[string]string{}
	}
	environment["orders"] = map[string]string{"DEADLINE": deadline}
	return stack.Start(ctx, stack.Options{
		Root: root, Only: only, Endpoint: os.Getenv("TROUPE_ENDPOINT"), Race: race, Environment: environment, Log: os.Stderr,
	})
}

func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ORDER", "o-"+events.NewID()) // for stories without a POST
			// Later than the first delivery, and sooner than the last: they wait longer and longer.
			env.Setenv("SOON", time.Now().Add(6*time.Second).UTC().Format(time.RFC3339Nano))
			return nil
		},
		Condition: func(condition string) (bool, error) {
			if condition == "permissions" { // whether the endpoint enforces them
				return os.Getenv("TROUPE_ENDPOINT") == "", nil
			}
			return false, errors.New("there is no such condition")
		},
		Cmds: verbs(),
	})
}

// TestStoriesLeaveNothing: after all stories, and the reminders of their orders, no message is anywhere.
func TestStoriesLeaveNothing(t *testing.T) {
	t.Parallel() // it waits beside others
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	report, err := troupe.Watch().Wait(ctx)
	if err != nil {
		t.Error(err)
	}
	for _, depth := range report.DeadLetters {
		if !depth.Empty() {
			t.Errorf("after the stories: %s", depth)
		}
	}
}
