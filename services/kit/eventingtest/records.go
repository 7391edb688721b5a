package eventingtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// records holds the promises about what is handled once.
var records = map[string]func(*testing.T, bench){
	"a record comes back as it was": roundTrip,
	"a repeat returns the record":   repeat,
	"a duplicate commits nothing":   duplicate,
	"an error leaves nothing":       failing,
	"a cancelled context":           cancelled,
}

// note is an event whose data is any JSON.
type note struct {
	channel events.Channel
	data    string
}

func (n note) Contract() *events.Contract {
	return &events.Contract{Type: "bell.rung.v1", Producer: "tower", Channel: n.channel}
}
func (n note) Subject() string              { return "tom" }
func (n note) MarshalJSON() ([]byte, error) { return []byte(n.data), nil }

// full leaves everything that a record may hold, and increments a.
func full(ctx context.Context, tx *eventing.Tx) error {
	about := events.Metadata{ID: "cause", CorrelationID: "c", Traceparent: "00-1-2-01"}
	tx.Begin(eventing.Cause{
		Event: events.Envelope{Metadata: about}, Handler: "bell.rung.v1", Producer: "tower", Fingerprint: "sha256:ünï",
		Now: time.Date(2026, 1, 2, 3, 4, 5, 123456789, time.UTC),
	})
	tx.Publish(note{events.EventBridge, `{"z":1,"a":0.10,"text":"\u003cü☂\u003e\u0000","big":12345678901234567890}`})
	tx.Cancel(tx.Remind(24*time.Hour, note{events.Queue, `null`}))
	tx.Respond([]byte("HTTP/1.1 202 Accepted\r\n\r\n\x00\xff\xfe"))
	return increment(ctx, tx, "a")
}

func roundTrip(t *testing.T, b bench) {
	done, err := b.Try(t.Context(), "unit", full)
	if err != nil || len(done.Record.Messages) != 2 || len(done.Record.Cancelled) != 1 || len(done.Changes) != 1 {
		t.Fatalf("committed %+v: %v", done, err)
	}
	b.wantRecord(t, "unit", &done.Record)
}

func repeat(t *testing.T, b bench) {
	runs, first := 0, ""
	for i := range 3 {
		done, repeated, err := inbox.Do(t.Context(), b, "unit", func(ctx context.Context, tx *eventing.Tx) error {
			runs++
			return full(ctx, tx)
		})
		if i == 0 {
			first = text(&done.Record)
		}
		if err != nil || repeated != (i > 0) || text(&done.Record) != first {
			t.Errorf("call %d: repeated %t, error %v, record %s", i+1, repeated, err, text(&done.Record))
		}
	}
	if runs != 1 {
		t.Errorf("the unit of work ran %d times; want once", runs)
	}
	b.wantDocument(t, "a", `1`, 1)
}

func duplicate(t *testing.T, b bench) {
	b.must(t, "unit", save("a", 0, `1`))
	if err := b.try(t.Context(), "unit", save("a", 1, `2`), save("b", 0, `2`)); !errors.Is(err, inbox.ErrDuplicate) {
		t.Errorf("the same key again: %v; want ErrDuplicate", err)
	}
	b.wantDocument(t, "a", `1`, 1)
	b.wantDocument(t, "b", "", 0)
}

func failing(t *testing.T, b bench) {
	failure := errors.New("no")
	_, repeated, err := inbox.Do(t.Context(), b, "unit", func(ctx context.Context, tx *eventing.Tx) error {
		return errors.Join(full(ctx, tx), failure)
	})
	if !errors.Is(err, failure) || repeated {
		t.Errorf("repeated %t, error %v; want the work's own error", repeated, err)
	}
	b.wantDocument(t, "a", "", 0)
	b.wantRecord(t, "unit", nil)
	b.must(t, "unit", save("a", 0, `1`)) // the key is free for the next delivery
}

func cancelled(t *testing.T, b bench) {
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err := inbox.Do(ctx, b, "unit", func(ctx context.Context, tx *eventing.Tx) error {
		err := full(ctx, tx)
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while it ran: %v; want context.Canceled", err)
	}
	if _, _, err = b.Read(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Read after that: %v; want context.Canceled", err)
	}
	b.wantDocument(t, "a", "", 0)
	b.wantRecord(t, "unit", nil)
}
