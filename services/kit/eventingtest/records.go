package eventingtest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// records are the promises about what is handled once.
var records = map[string]func(*testing.T, bench){
	"a record comes back as it was": roundTrip,
	"a repeat returns the record":   repeat,
	"a duplicate commits nothing":   duplicate,
	"an error leaves nothing":       failing,
	"a cancelled context":           cancelled,
}

func full() inbox.Record {
	return inbox.Record{
		Fingerprint: "sha256:ünï",
		Response:    []byte("HTTP/1.1 202 Accepted\r\n\r\n\x00\xff\xfe"),
		Messages: []events.Message{{
			Channel: events.EventBridge,
			Envelope: events.Envelope{
				Metadata: events.Metadata{
					ID: "id", Type: "bell.rung.v1", Subject: "tom", CorrelationID: "c", CausationID: "cause", Producer: "tower",
					OccurredAt: time.Date(2026, 1, 2, 3, 4, 5, 123456789, time.UTC), Traceparent: "00-1-2-01",
				},
				Data: json.RawMessage(`{"z":1,"a":0.10,"text":"\u003cü☂\u003e\u0000","big":12345678901234567890}`),
			},
		}, {
			Channel:  events.Queue,
			Envelope: events.Envelope{Data: json.RawMessage(`null`)},
			Due:      time.Date(2026, 1, 2, 3, 19, 5, 0, time.UTC),
		}},
	}
}

func roundTrip(t *testing.T, b bench) {
	want := full()
	err := b.Try(t.Context(), "unit", func(context.Context, eventing.State) (inbox.Commit, error) {
		return inbox.Commit{Record: want}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.wantRecord(t, "unit", &want)
}

func repeat(t *testing.T, b bench) {
	runs := 0
	for i := range 3 {
		record, repeated, err := inbox.Inbox{Driver: b}.Do(t.Context(), "unit", inbox.Ahead{}, func(context.Context, eventing.State) (inbox.Commit, error) {
			runs++
			return inbox.Commit{Changes: []eventing.Change{save("a", 0, `1`)}, Record: full()}, nil
		})
		if want := full(); err != nil || repeated != (i > 0) || text(&record) != text(&want) {
			t.Errorf("call %d: repeated %t, error %v, record %s", i+1, repeated, err, text(&record))
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
	_, repeated, err := inbox.Inbox{Driver: b}.Do(t.Context(), "unit", inbox.Ahead{}, func(context.Context, eventing.State) (inbox.Commit, error) {
		return inbox.Commit{Changes: []eventing.Change{save("a", 0, `1`)}, Record: full()}, failure
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
	_, _, err := inbox.Inbox{Driver: b}.Do(ctx, "unit", inbox.Ahead{}, func(context.Context, eventing.State) (inbox.Commit, error) {
		cancel()
		return inbox.Commit{Changes: []eventing.Change{save("a", 0, `1`)}}, nil
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
