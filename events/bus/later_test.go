package bus_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"example.com/troupe/events/bus"
)

// clock is a scheduler that fails as told, one call after another.
type clock struct {
	fails []error
	calls []string
}

func (c *clock) Schedule(_ context.Context, name string, due time.Time, body string) error {
	return c.note("schedule " + name + " in " + time.Until(due).String() + " " + body)
}

func (c *clock) Cancel(_ context.Context, name string) error { return c.note("cancel " + name) }

func (c *clock) note(call string) error {
	c.calls = append(c.calls, call)
	if len(c.fails) < len(c.calls) {
		return nil
	}
	return c.fails[len(c.calls)-1]
}

var (
	throttled = &smithy.GenericAPIError{Code: "ThrottlingException", Message: "as scripted"}
	forbidden = &smithy.GenericAPIError{Code: denied, Message: "as scripted"}
)

// withClock returns a publisher of reminders.
func withClock(t *testing.T, c *clock) (*server, *bus.Bus) {
	t.Helper()
	s, config := start(t, accept)
	return s, bus.New(bus.Config{SQS: sqs.NewFromConfig(config), QueueURL: "http://aws.invalid/000000000000/stage", Scheduler: c})
}

// TestALongReminderIsScheduled: what SQS can't delay for so long is scheduled, and what comes again later goes the short way.
func TestALongReminderIsScheduled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clock{}
		server, b := withClock(t, c)
		reminder, soon := kinds[2].message("e-1", 1), kinds[2].message("e-2", 1)
		reminder.Due, soon.Due = time.Now().Add(24*time.Hour), time.Now().Add(time.Minute)
		delays := func() (delays []int) {
			for _, call := range server.calls() {
				for _, e := range call {
					delays = append(delays, e.DelaySeconds)
				}
			}
			return delays
		}
		for _, step := range []struct {
			sleep     time.Duration
			scheduled int
			delays    []int
		}{
			{0, 1, []int{60}},
			{23*time.Hour + 40*time.Minute, 2, []int{60, 0}}, // a repeat: it is there already
			{10 * time.Minute, 2, []int{60, 0, 600, 0}},      // a repeat that SQS can take
			{24 * time.Hour, 2, []int{60, 0, 600, 0, 0, 0}},  // one that comes too late
		} {
			time.Sleep(step.sleep)
			if err := b.Publish(t.Context(), reminder, soon); err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(step.delays, func(a, b int) int { return b - a })
			got := delays()
			slices.SortFunc(got, func(a, b int) int { return b - a })
			if len(c.calls) != step.scheduled || !slices.Equal(got, step.delays) {
				t.Errorf("%d were scheduled, not %d; the delays are %v, not %v", len(c.calls), step.scheduled, got, step.delays)
			}
		}
		if want := "schedule e-1 in 24h0m0s " + encode(t, reminder); c.calls[0] != want {
			t.Errorf("the call was %s, not %s", c.calls[0], want)
		}
	})
}

// TestASchedulerThatFails: throttling is waited for, and anything else concerns one reminder.
func TestASchedulerThatFails(t *testing.T) {
	for _, c := range []struct {
		name  string
		fails []error
		tries int
		err   error
	}{
		{"throttled", []error{throttled, throttled}, 3, nil},
		{"throttled to the end", slices.Repeat([]error{throttled}, 9), 6, throttled},
		{"denied", []error{forbidden}, 1, forbidden},
	} {
		synctest.Test(t, func(t *testing.T) {
			for _, act := range []string{"schedule", "cancel"} {
				clock := &clock{fails: c.fails}
				server, b := withClock(t, clock)
				reminder := kinds[2].message("e-1", 1)
				reminder.Due = time.Now().Add(time.Hour)
				var err error
				if act == "cancel" {
					err = b.Cancel(t.Context(), "e-1")
				} else if err = b.Publish(t.Context(), reminder, kinds[2].message("e-2", 1)); len(server.calls()) != 1 {
					t.Errorf("%s: the other message was not sent", c.name)
				}
				if !errors.Is(err, c.err) || len(clock.calls) != c.tries || (err == nil) != (c.err == nil) {
					t.Errorf("%s: %s: %v after %d tries; want %v after %d", c.name, act, err, len(clock.calls), c.err, c.tries)
				}
				if failure, ok := errors.AsType[*bus.PublishError](err); act == "schedule" && c.err != nil && (!ok || len(failure.Failed) != 1 || failure.Failed[0].ID != "e-1") {
					t.Errorf("%s: %v", c.name, err)
				}
			}
		})
	}
}

// TestWithoutAScheduler: a reminder that is due too late is refused with what to link, and there is none to cancel.
func TestWithoutAScheduler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, b := connect(t, accept)
		reminder := kinds[2].message("e-1", 1)
		reminder.Due = time.Now().Add(15*time.Minute + time.Second)
		for _, err := range []error{b.Check(reminder), b.Publish(t.Context(), kinds[2].message("e-2", 1), reminder)} {
			if _, typed := errors.AsType[*bus.DelayError](err); !typed || !strings.Contains(err.Error(), "act.ended.v1 is due in 15m1s, and SQS delays a message for 15m0s at most: link what schedules longer reminders, host.WithReminders(reminders.Open)") {
				t.Errorf("got %v", err)
			}
		}
		if err := b.Cancel(t.Context(), "e-1"); err != nil || len(server.calls()) > 0 {
			t.Errorf("cancel: %v, after %d calls", err, len(server.calls()))
		}
	})
}
