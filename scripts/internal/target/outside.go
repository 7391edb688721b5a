package target

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/inject"
)

// OutsideError reports that an event from outside can't be published here.
type OutsideError struct{ Contract *events.Contract }

func (e *OutsideError) Error() string {
	return fmt.Sprintf("only %s publishes %s on AWS: let it happen there (for one of S3, put an object into the bucket), or play it in the local cloud of make up; in a story, begin with only local",
		e.Contract.Outside.Source, e.Contract.Type)
}

// outside plays who publishes events from outside.
type outside struct{ at *Target }

// Publish puts events on the buses where they arrive, as their sources do: without an envelope, under its ID.
func (o outside) Publish(ctx context.Context, messages ...events.Message) error {
	for _, m := range messages {
		about := m.Envelope.Metadata
		at := slices.IndexFunc(o.at.Outsiders, func(c *events.Contract) bool { return c.Type == about.Type })
		if at < 0 {
			return fmt.Errorf("%s is no event from outside", about.Type)
		}
		contract := o.at.Outsiders[at]
		if o.at.Config.BaseEndpoint == nil {
			return &OutsideError{contract}
		}
		err := inject.New(o.at.Config).Arrive(ctx, inject.Arrival{
			ID: about.ID, Bus: cmp.Or(contract.Outside.Bus, o.at.BusName), Source: contract.Outside.Source, DetailType: contract.Outside.DetailType,
			Detail: m.Envelope.Data, Time: about.OccurredAt,
		})
		if err != nil {
			return fmt.Errorf("play %s of %s: %w", contract.Type, contract.Outside.Source, err)
		}
	}
	return nil
}
