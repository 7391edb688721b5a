package stories

import (
	"context"
	"time"

	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
)

// How a story waits on this machine.
const (
	localPatience = time.Minute
	localEvery    = 20 * time.Millisecond
)

// On returns a stage for a stack on this machine.
func On(ctx context.Context, s *stack.Stack) (*Stage, error) {
	at, err := target.Local(ctx, s.Declared(), s.Endpoint)
	if err != nil {
		return nil, err
	}
	stage := &Stage{
		Target: at, Contracts: s.Contracts(), API: s.API, Steps: s.Steps,
		Patience: localPatience, Every: localEvery,
	}
	if s.Tap() != nil { // the local cloud, not another endpoint
		stage.Local, stage.As = true, s.As
	}
	return stage, nil
}

// CheckAll returns an error for the first story that names something undeclared.
func CheckAll(stories []*Story, d *stack.Declared) error {
	types := make([]string, len(d.Contracts))
	for i, c := range d.Contracts {
		types[i] = c.Type
	}
	for _, s := range stories {
		if err := s.Check(d.Services(), types); err != nil {
			return err
		}
	}
	return nil
}
