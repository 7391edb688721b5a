package eventingtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
)

type chime struct {
	Times int `json:"times"`
}

var chimeContract = &events.Contract{Type: "bell.chimed.v1", Producer: "tower", Channel: events.Queue}

func (chime) Contract() *events.Contract { return chimeContract }
func (chime) Subject() string            { return "tom" }

// bang is an event that breaks its contract where it is too loud.
type bang struct {
	Loud int `json:"loud"`
}

var bangContract = &events.Contract{
	Type: "bell.banged.v1", Producer: "tower", Channel: events.SNS,
	Schema: []byte(`{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"loud": {"maximum": 9}}}`),
}

func (bang) Contract() *events.Contract { return bangContract }
func (bang) Subject() string            { return "tom" }

type clock struct{ Hour int }

func (clock) Key() string { return "clock" }

// TestFailuresAreReported has each case be wrong in one way.
func TestFailuresAreReported(t *testing.T) {
	count := 0
	strike := func(_ context.Context, tx *eventing.Tx, heard chime) error {
		if heard.Times > 12 {
			return errors.New("too late")
		}
		tx.Save(clock{heard.Times})
		tx.Publish(chime{heard.Times})
		return nil
	}
	forget := func(_ context.Context, tx *eventing.Tx) error {
		count++
		tx.Save(clock{count})
		return nil
	}
	shout := func(loud int) Unit {
		return Do(func(_ context.Context, tx *eventing.Tx) error { tx.Publish(bang{loud}); return nil })
	}
	cancel := func(_ context.Context, tx *eventing.Tx, _ chime) error {
		tx.Cancel(tx.Remind(time.Hour, chime{1}))
		return nil
	}
	late, named := []events.Event{Remind(time.Hour, chime{1})}, []string{ReminderName(EventID, "bell.chimed.v1", 0)}
	three := Hear(strike, chime{3})
	said, saved := []events.Event{chime{3}}, []eventing.Document{clock{3}}
	for _, c := range []struct {
		wrong string
		Case
		want []string
	}{
		{"nothing", Case{When: three, Then: said, State: saved}, nil},
		{"nothing, nearly", Case{When: shout(9), Then: []events.Event{bang{9}}}, nil},
		{"nothing, with a reminder that is cancelled", Case{When: Hear(cancel, chime{1}), Then: late, Cancels: named}, nil},
		{"nothing cancelled", Case{When: three, Then: said, State: saved, Cancels: named}, []string{"cancelled other reminders", named[0]}},
		{"something cancelled", Case{When: Hear(cancel, chime{1}), Then: late}, []string{"cancelled other reminders", named[0]}},
		{"an event against its contract", Case{When: shout(10), Then: []events.Event{bang{10}}}, []string{"publish bell.banged.v1", "/loud"}},
		{"another event", Case{When: three, Then: []events.Event{chime{4}}, State: saved}, []string{"published other events", `"times": 4`, `"times": 3`}},
		{"an event too many", Case{When: three, State: saved}, []string{"published other events", "bell.chimed.v1"}},
		{"no reminder", Case{When: three, Then: []events.Event{Remind(time.Minute, chime{3})}, State: saved}, []string{"bell.chimed.v1 in 1m0s"}},
		{"another document", Case{When: three, Then: said, State: []eventing.Document{clock{4}}}, []string{"saved another state", `"Hour": 4`}},
		{"an error", Case{When: Hear(strike, chime{13})}, []string{"failed: too late"}},
		{"another error", Case{When: Hear(strike, chime{13}), Err: errNoUnit}, []string{"failed: too late", "want the error"}},
		{"no error", Case{When: three, Err: errNoUnit}, []string{"succeeded; want the error"}},
		{"events after an error", Case{When: Hear(strike, chime{13}), Err: errors.New("too late"), Then: said}, []string{"leave Then, Cancels and State empty"}},
		{"no unit of work", Case{}, []string{"use Hear or Do"}},
		{"earlier failure", Case{After: []Unit{three, three}, When: three}, []string{"After, unit of work 2", "clock at version 0"}},
		{"a document given twice", Case{Given: []eventing.Document{clock{1}, clock{2}}, When: three}, []string{"Given", "clock"}},
		{"a memory of its own", Case{When: Do(forget), State: []eventing.Document{clock{1}}}, []string{"had another result", `"Hour": 1`, `"Hour": 2`}},
	} {
		got := strings.Join(c.failures(t.Context()), "\n")
		if len(c.want) == 0 && got != "" {
			t.Errorf("%s is wrong, but it failed:\n%s", c.wrong, got)
		}
		for _, part := range c.want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: want %q in:\n%s", c.wrong, part, got)
			}
		}
	}
}
