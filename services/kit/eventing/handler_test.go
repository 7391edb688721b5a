package eventing_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
)

// tower is a domain type with handlers.
type tower struct{ heard []rung }

func (tw *tower) Hear(_ context.Context, _ *eventing.Tx, event rung) error {
	tw.heard = append(tw.heard, event)
	return nil
}

type vane struct{}

func (vane) Turn(context.Context, *eventing.Tx, alarm) error { return nil }

func listen(context.Context, *eventing.Tx, rung) error { return nil }

type registry []eventing.Handler

func (r *registry) Register(h eventing.Handler) { *r = append(*r, h) }

func TestOnInfersTheHandler(t *testing.T) {
	var r registry
	eventing.On(&r, new(tower).Hear)
	eventing.On(&r, vane{}.Turn)
	eventing.On(&r, listen)
	for i, want := range []struct{ kind, name, source string }{
		{"bell.rung.v1", "tower.Hear", `^handler_test\.go:\d+$`},
		{"bell.alarm.v1", "vane.Turn", `^handler_test\.go:\d+$`},
		{"bell.rung.v1", "listen", `^handler_test\.go:\d+$`},
	} {
		h := r[i]
		if h.Contract.Type != want.kind || h.Name != want.name || !regexp.MustCompile(want.source).MatchString(h.Source) {
			t.Errorf("handler %d: %s, %s, %s; want %v", i, h.Contract.Type, h.Name, h.Source, want)
		}
	}
}

func TestHandleDecodes(t *testing.T) {
	var r registry
	tw := &tower{}
	eventing.On(&r, tw.Hear)
	handle := func(data string) error {
		tx := eventing.NewTx(&shelf{})
		tx.Begin(eventing.Cause{Event: events.Envelope{Data: []byte(data)}})
		return r[0].Handle(t.Context(), tx)
	}
	if err := handle(`{"bell":"tom","times":2,"added":"in a later version"}`); err != nil {
		t.Fatal(err)
	}
	if len(tw.heard) != 1 || tw.heard[0] != (rung{"tom", 2}) {
		t.Errorf("heard %v; want tom twice", tw.heard)
	}
	err := handle(`{"times":"twice"}`)
	if reason, permanent := r[0].Permanence(err); !permanent || reason != "undecodable" {
		t.Errorf("an undecodable event: %v, %q, permanent %t", err, reason, permanent)
	}
}

func TestPermanence(t *testing.T) {
	errCracked, errRusty, errOther := errors.New("the bell is cracked"), errors.New("the bell is rusty"), errors.New("other")
	var r registry
	eventing.On(&r, listen, eventing.DeadLetter(errCracked), eventing.DeadLetter(errOther, errRusty))
	eventing.On(&r, listen)
	for _, c := range []struct {
		name      string
		handler   eventing.Handler
		err       error
		reason    string
		permanent bool
	}{
		{"listed", r[0], errCracked, "the bell is cracked", true},
		{"listed, with details of the case", r[0], fmt.Errorf("ring tom at %s: %w", now, errCracked), "the bell is cracked", true},
		{"listed by another option", r[0], errRusty, "the bell is rusty", true},
		{"not listed", r[0], errors.New("the network is down"), "", false},
		{"listed elsewhere", r[1], errCracked, "", false},
		{"marked", r[1], fmt.Errorf("ring: %w", eventing.Permanent("no-bell", errOther)), "no-bell", true},
		{"marked and listed", r[0], eventing.Permanent("no-bell", errCracked), "no-bell", true},
		{"to be tried later", r[1], eventing.RetryAfter(time.Second, errOther), "", false},
	} {
		reason, permanent := c.handler.Permanence(c.err)
		if reason != c.reason || permanent != c.permanent {
			t.Errorf("%s: %q, %t; want %q, %t", c.name, reason, permanent, c.reason, c.permanent)
		}
	}
}

func TestErrorsKeepTheirCause(t *testing.T) {
	cause := errors.New("cause")
	for want, err := range map[string]error{
		"bad-contract: cause":    eventing.Permanent("bad-contract", cause),
		"try again in 2s: cause": eventing.RetryAfter(2*time.Second, cause),
	} {
		if err.Error() != want || !errors.Is(err, cause) {
			t.Errorf("%v; want %s, and its cause within", err, want)
		}
	}
}
