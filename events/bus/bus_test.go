package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/bus"
)

func TestEachChannelHasItsWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, b := connect(t, accept)
		var messages []events.Message
		for _, k := range kinds {
			messages = append(messages, k.message("e-1", 1))
		}
		other := kinds[1].message("e-2", 1)
		other.Envelope.Metadata.Type = "act.began.v1"
		if err := b.Publish(t.Context(), append(messages, other)...); err != nil {
			t.Fatal(err)
		}
		body := encode(t, messages[0])
		want := []sent{
			{To: "theatre", Body: body, Source: "stage", DetailType: "act.ended.v1"},
			{To: "arn:aws:sns:us-east-1:000000000000:troupe-test-act-ended-v1", Body: body, TypeAttribute: "type=act.ended.v1", ID: "0"},
			{To: "arn:aws:sns:us-east-1:000000000000:troupe-test-act-began-v1", Body: encode(t, other), TypeAttribute: "type=act.began.v1", ID: "0"},
			{To: "http://aws.invalid/000000000000/stage", Body: body, ID: "0"},
		}
		if len(server.calls()) != len(want) {
			t.Errorf("%d calls were made, not one for each destination", len(server.calls()))
		}
		for _, w := range want {
			if !slices.ContainsFunc(server.calls(), func(call []sent) bool { return len(call) == 1 && call[0] == w }) {
				t.Errorf("nothing went out as %+v, but %+v", w, server.calls())
			}
		}
	})
}

func TestARemindersDelayIsNeverTooShort(t *testing.T) {
	cases := []struct {
		after time.Duration
		want  int
	}{
		{-time.Hour, 0}, {0, 0}, {time.Nanosecond, 1}, {10 * time.Second, 10},
		{10*time.Second + time.Millisecond, 11}, {15 * time.Minute, 900},
	}
	synctest.Test(t, func(t *testing.T) {
		server, b := connect(t, accept)
		for i, c := range cases {
			reminder := kinds[2].message("e-1", 1)
			reminder.Due = time.Now().Add(c.after)
			if err := b.Publish(t.Context(), reminder); err != nil {
				t.Fatal(err)
			}
			if got := server.calls()[i][0].DelaySeconds; got != c.want {
				t.Errorf("due after %v: the delay is %d s, not %d", c.after, got, c.want)
			}
		}
		if err := b.Publish(t.Context(), kinds[2].message("e-1", 1)); err != nil || server.calls()[len(cases)][0].DelaySeconds != 0 {
			t.Errorf("without a due time: %v, %+v", err, server.calls()[len(cases)])
		}
	})
}

func TestDestinationsAreServedAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// SNS hangs; EventBridge and the queue must not wait for it.
		_, b := connect(t, func(_ int, entries []sent) reply { return reply{hang: entries[0].TypeAttribute != ""} })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := b.Publish(ctx, kinds[1].message("e-1", 1), kinds[0].message("e-0", 1), kinds[2].message("e-2", 1))
		failure, ok := errors.AsType[*bus.PublishError](err)
		if !ok || len(failure.Failed) != 1 || failure.Failed[0].ID != "e-1" {
			t.Errorf("got %v", err)
		}
	})
}

func TestPublishRefusesWhatItCannotAddress(t *testing.T) {
	message := kinds[2].message("e-1", 1)
	err := bus.New(bus.Config{QueueURL: "http://aws.invalid/q"}).Publish(t.Context(), message)
	if refused, ok := errors.AsType[*bus.ChannelError](err); !ok || refused.Channel != events.Queue || refused.Type != eventType {
		t.Errorf("got %v", err)
	}
}

func TestPublishRefusesDataThatIsNotJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, b := connect(t, accept)
		broken := kinds[0].message("e-1", 1)
		broken.Envelope.Data = json.RawMessage(`{`)
		if err := b.Publish(t.Context(), kinds[0].message("e-0", 1), broken); err == nil || len(server.calls()) > 0 {
			t.Errorf("got %v after %d calls", err, len(server.calls()))
		}
	})
}

func TestPublishOfNothingDoesNothing(t *testing.T) {
	if err := bus.New(bus.Config{}).Publish(t.Context()); err != nil {
		t.Error(err)
	}
}
