package eventingtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
)

type rung struct {
	Bell  string `json:"bell"`
	Times int    `json:"times"`
}

var rungContract = &events.Contract{Type: "bell.rung.v1", Producer: "tower", Channel: events.Queue}

func (rung) Contract() *events.Contract { return rungContract }
func (r rung) Subject() string          { return r.Bell }

type bell struct {
	Name string `json:"name"`
	Sum  int    `json:"sum"`
}

func (b *bell) Key() string { return "bell/" + b.Name }

var errCracked = errors.New("the bell is cracked")

// ring counts, answers with an echo now and in a minute, and breaks at 100.
func ring(ctx context.Context, tx *eventing.Tx, heard rung) error {
	b := &bell{Name: heard.Bell}
	if _, err := tx.Load(ctx, b); err != nil {
		return err
	}
	if b.Sum += heard.Times; b.Sum > 100 {
		return errCracked
	}
	tx.Save(b)
	tx.Publish(rung{Bell: "echo", Times: b.Sum})
	tx.Remind(time.Minute, rung{Bell: "late", Times: b.Sum})
	return nil
}

func echoes(n int) []events.Event {
	return []events.Event{rung{"echo", n}, eventingtest.Remind(time.Minute, rung{"late", n})}
}

func TestRun(t *testing.T) {
	eventingtest.Run(t, []eventingtest.Case{{
		Name:  "from nothing",
		When:  eventingtest.Hear(ring, rung{"tom", 2}),
		Then:  echoes(2),
		State: []eventing.Document{&bell{"tom", 2}},
	}, {
		Name:  "over given documents and earlier units of work",
		Given: []eventing.Document{&bell{"tom", 5}, &bell{"tim", 1}},
		After: []eventingtest.Unit{eventingtest.Hear(ring, rung{"tom", 1}), eventingtest.Hear(ring, rung{"tom", 1})},
		When:  eventingtest.Hear(ring, rung{"tom", 2}),
		Then:  echoes(9),
		State: []eventing.Document{&bell{"tom", 9}},
	}, {
		Name: "a failure",
		When: eventingtest.Hear(ring, rung{"tom", 101}),
		Err:  errCracked,
	}, {
		Name: "a request",
		When: eventingtest.Do(func(_ context.Context, tx *eventing.Tx) error {
			if tx.Event().ID != eventingtest.EventID || !tx.Now().Equal(eventingtest.Now) {
				return errors.New("other metadata")
			}
			tx.Save(&bell{"tim", 1})
			tx.Save(&bell{"tam", 1})
			return nil
		}),
		State: []eventing.Document{&bell{"tam", 1}, &bell{"tim", 1}},
	}})
}

// TestTime checks that each unit of work of a case may have a time of its own, from which its reminders count.
func TestTime(t *testing.T) {
	late := eventingtest.Now.Add(36 * time.Hour)
	stamp := func(_ context.Context, tx *eventing.Tx, heard rung) error {
		tx.Save(&bell{Name: tx.Now().Format(time.DateOnly)})
		tx.Remind(time.Minute, heard)
		return nil
	}
	eventingtest.Run(t, []eventingtest.Case{{
		Name:  "its own",
		After: []eventingtest.Unit{eventingtest.Hear(stamp, rung{"tim", 1})},
		When:  eventingtest.Hear(stamp, rung{"tom", 1}).At(late),
		Then:  []events.Event{eventingtest.Remind(time.Minute, rung{"tom", 1})},
		State: []eventing.Document{&bell{Name: "2026-01-04"}},
	}})
}
