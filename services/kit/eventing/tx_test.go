package eventing_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"github.com/google/go-cmp/cmp"
)

// shelf is a state that counts how often it is read.
type shelf struct {
	documents map[string]string // all at version 7
	reads     int
	failure   error
}

func (s *shelf) Read(_ context.Context, key string) ([]byte, int64, error) {
	s.reads++
	if body, found := s.documents[key]; found {
		return []byte(body), 7, s.failure
	}
	return nil, 0, s.failure
}

func (s *shelf) Search(context.Context, eventing.Search) ([]eventing.Found, bool, error) {
	return nil, false, s.failure
}

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func newTx(state eventing.State) *eventing.Tx {
	tx := eventing.NewTx(state)
	tx.Begin(eventing.Cause{
		Event: events.Envelope{Metadata: events.Metadata{
			ID: "cause", Type: "bell.heard.v1", Subject: "elsewhere", CorrelationID: "flow", CausationID: "earlier",
			Producer: "street", OccurredAt: now.Add(-time.Hour), Traceparent: "00-1-2-01",
		}},
		Handler: "bell.heard.v1", Producer: "tower", Now: now,
	})
	return tx
}

func TestDocuments(t *testing.T) {
	const tom = `{"name":"tom","sum":5}`
	load := func(want bool, sum int) func(*testing.T, *eventing.Tx) {
		return func(t *testing.T, tx *eventing.Tx) {
			b := &bell{Name: "tom"}
			known, err := tx.Load(t.Context(), b)
			if err != nil || known != want || b.Sum != sum {
				t.Errorf("Load = %t, %v, and a sum of %d; want %t and %d", known, err, b.Sum, want, sum)
			}
		}
	}
	save := func(sum int) func(*testing.T, *eventing.Tx) {
		return func(_ *testing.T, tx *eventing.Tx) { tx.Save(&bell{Name: "tom", Sum: sum}) }
	}
	there := map[string]string{"bell/tom": tom}
	for _, c := range []struct {
		name  string
		state map[string]string
		steps []func(*testing.T, *eventing.Tx)
		reads int
		want  []eventing.Change
	}{
		{"nothing", nil, nil, 0, nil},
		{"loaded: to be checked", there, steps(load(true, 5)), 1,
			[]eventing.Change{{Key: "bell/tom", Version: 7, Before: []byte(tom)}}},
		{"missing: to be checked", nil, steps(load(false, 0)), 1,
			[]eventing.Change{{Key: "bell/tom"}}},
		{"loaded twice: read once", there, steps(load(true, 5), load(true, 5)), 1,
			[]eventing.Change{{Key: "bell/tom", Version: 7, Before: []byte(tom)}}},
		{"it reads what it wrote, and the last counts", there, steps(load(true, 5), save(6), load(true, 6), save(7), load(true, 7)), 1,
			[]eventing.Change{{Key: "bell/tom", Version: 7, Before: []byte(tom), Body: []byte(`{"name":"tom","sum":7}`)}}},
		{"saved without a load: must be new", there, steps(save(1), load(true, 1)), 0,
			[]eventing.Change{{Key: "bell/tom", Body: []byte(`{"name":"tom","sum":1}`)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			state := &shelf{documents: c.state}
			tx := newTx(state)
			for _, step := range c.steps {
				step(t, tx)
			}
			commit, err := tx.Commit()
			if diff := cmp.Diff(c.want, commit.Changes); diff != "" || err != nil {
				t.Errorf("error %v, changes (-want +got):\n%s", err, diff)
			}
			if state.reads != c.reads {
				t.Errorf("read %d times; want %d", state.reads, c.reads)
			}
		})
	}
}

func steps(s ...func(*testing.T, *eventing.Tx)) []func(*testing.T, *eventing.Tx) { return s }

func TestChangesAreInTheOrderOfUse(t *testing.T) {
	tx := newTx(&shelf{})
	for _, name := range []string{"z", "a", "m", "a", "z"} {
		tx.Save(&bell{Name: name})
	}
	commit, _ := tx.Commit()
	var got []string
	for _, change := range commit.Changes {
		got = append(got, change.Key)
	}
	if diff := cmp.Diff([]string{"bell/z", "bell/a", "bell/m"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEventsCarryTheirCause(t *testing.T) {
	run := func() []events.Message {
		tx := newTx(&shelf{})
		tx.Publish(rung{"tom", 1}, rung{"tim", 2})
		tx.Remind(15*time.Minute, alarm{"tom"})
		commit, err := tx.Commit()
		if err != nil {
			t.Fatal(err)
		}
		return commit.Record.Messages
	}
	message := func(position int, channel events.Channel, kind, subject, data string, due time.Time) events.Message {
		return events.Message{Channel: channel, Due: due, Envelope: events.Envelope{
			Metadata: events.Metadata{
				ID: events.DeriveID("cause", "tower/bell.heard.v1", position), Type: kind, Subject: subject,
				CorrelationID: "flow", CausationID: "cause", Producer: "tower", OccurredAt: now, Traceparent: "00-1-2-01",
			},
			Data: json.RawMessage(data),
		}}
	}
	want := []events.Message{
		message(0, events.EventBridge, "bell.rung.v1", "tom", `{"bell":"tom","times":1}`, time.Time{}),
		message(1, events.EventBridge, "bell.rung.v1", "tim", `{"bell":"tim","times":2}`, time.Time{}),
		message(2, events.Queue, "bell.alarm.v1", "tom", `{"bell":"tom"}`, now.Add(15*time.Minute)),
	}
	for _, name := range []string{"the first run", "another run over the same cause"} {
		if diff := cmp.Diff(want, run()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestRemindersHaveNames: the name is the event's ID, the same over the same cause, and Cancel keeps it in the record.
func TestRemindersHaveNames(t *testing.T) {
	for range 2 {
		tx := newTx(&shelf{})
		tx.Publish(rung{"tom", 1})
		name := tx.Remind(eventing.MaxReminder, alarm{"tom"})
		tx.Cancel("earlier")
		tx.Cancel(name)
		tx.Cancel("") // of a document that never had one
		commit, err := tx.Commit()
		if err != nil {
			t.Fatal(err)
		}
		if message := commit.Record.Messages[1]; message.Envelope.Metadata.ID != name || !message.Due.Equal(now.Add(eventing.MaxReminder)) {
			t.Errorf("the reminder %s is %+v", name, message)
		}
		if diff := cmp.Diff([]string{"earlier", events.DeriveID("cause", "tower/bell.heard.v1", 1)}, commit.Record.Cancelled); diff != "" {
			t.Errorf("cancelled (-want +got):\n%s", diff)
		}
	}
}

func TestCommitReportsWhatCannotBeDone(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*eventing.Tx)
		is   error
		says string
	}{
		{"too late a reminder", func(tx *eventing.Tx) { tx.Remind(eventing.MaxReminder+1, alarm{}) }, eventing.ErrReminder, "bell.alarm.v1"},
		{"a reminder of an event for others", func(tx *eventing.Tx) { tx.Remind(time.Second, rung{}) }, eventing.ErrReminder, "bell.rung.v1"},
		{"an event from outside", func(tx *eventing.Tx) { tx.Publish(tide{}) }, eventing.ErrOutside, "publish tide.turned.v1"},
		{"a document that cannot be encoded", func(tx *eventing.Tx) { tx.Save(&bell{Name: "tom", Pipe: make(chan int)}) }, nil, "save bell/tom"},
		{"an event that cannot be encoded", func(tx *eventing.Tx) { tx.Publish(unsound{}) }, nil, "seal bell.rung.v1"},
	} {
		tx := newTx(&shelf{})
		c.do(tx)
		tx.Publish(rung{})
		_, err := tx.Commit()
		if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %v and %q in it", c.name, err, c.is, c.says)
		}
	}
}

func TestLoadFails(t *testing.T) {
	broken := errors.New("broken")
	for name, state := range map[string]*shelf{
		"unreadable": {failure: broken},
		"malformed":  {documents: map[string]string{"bell/tom": `{"sum":"many"}`}},
	} {
		known, err := newTx(state).Load(t.Context(), &bell{Name: "tom"})
		if known || err == nil || !strings.Contains(err.Error(), "load bell/tom") || state.failure != nil && !errors.Is(err, broken) {
			t.Errorf("%s: %t, %v", name, known, err)
		}
	}
}
