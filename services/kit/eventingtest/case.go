package eventingtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"github.com/google/go-cmp/cmp"
)

// Case is one row of a domain's table.
type Case struct {
	Name  string
	Given []eventing.Document // the state at first
	After []Unit              // what has happened since, in this order, successfully
	When  Unit                // what is tested
	Then  []events.Event      // what it publishes, in this order; reminders as Remind(after, event)
	State []eventing.Document // what it saves, whole documents in any order
	Err   error               // how it fails: with this error (errors.Is) or one of the same text

	Cancels []string // the reminders that it cancels, in this order: see ReminderName
}

// Run tests each case in a subtest. The unit of work under test runs twice over the same
// state, as redelivery may have it, and must have the same result; and what it publishes must
// keep to its contract.
func Run(t *testing.T, cases []Case) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			for _, failure := range c.failures(t.Context()) {
				t.Error(failure)
			}
		})
	}
}

// failures runs the case and describes what differs from it.
func (c Case) failures(ctx context.Context) []string {
	state := NewMemory()
	if err := put(ctx, state, c.Given); err != nil {
		return []string{fmt.Sprintf("Given: %v", err)}
	}
	for i, unit := range c.After {
		if _, err := play(ctx, state, unit, fmt.Sprintf("earlier-%d", i+1)); err != nil {
			return []string{fmt.Sprintf("After, unit of work %d: %v", i+1, err)}
		}
	}
	commit, err := play(ctx, state, c.When, EventID)
	if err != nil || c.Err != nil {
		return c.compareErrors(err)
	}
	return slices.Concat(
		compare("published other events", renderEvents(c.Then), renderMessages(commit.Record.Messages)),
		compare("cancelled other reminders", renderNames(c.Cancels), renderNames(commit.Record.Cancelled)),
		compare("saved another state", renderDocuments(c.State), renderChanges(commit.Changes)))
}

func (c Case) compareErrors(err error) []string {
	switch {
	case err == nil:
		return []string{fmt.Sprintf("succeeded; want the error: %v", c.Err)}
	case c.Err == nil:
		return []string{fmt.Sprintf("failed: %v", err)}
	case !errors.Is(err, c.Err) && err.Error() != c.Err.Error():
		return []string{fmt.Sprintf("failed: %v\nwant the error: %v", err, c.Err)}
	case len(c.Then)+len(c.Cancels)+len(c.State) > 0:
		return []string{"failed as wanted; nothing is published, cancelled or saved then, so leave Then, Cancels and State empty"}
	}
	return nil
}

func compare(what, want, got string) []string {
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		return []string{fmt.Sprintf("%s (-want +got):\n%s", what, diff)}
	}
	return nil
}
