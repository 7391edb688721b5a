package greeting_test

import (
	"context"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/greetings"
	"example.com/troupe/services/greetings/internal/greeting"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
)

func TestGreetings(t *testing.T) {
	id := "g-" + strings.ReplaceAll(events.DeriveID(eventingtest.EventID, "greeting", 0), "-", "")[:20]
	requested := eventingtest.Hear(greeting.Greet, greetings.GreetingRequested{GreetingID: "g-1", Name: "Ada"})
	greeted := &greeting.Greeting{ID: "g-1", Text: "Hello, Ada!"}

	eventingtest.Run(t, []eventingtest.Case{
		{
			Name: "a request",
			When: eventingtest.Do(func(_ context.Context, tx *eventing.Tx) error {
				greeting.Request(tx, "Ada")
				return nil
			}),
			Then: []events.Event{greetings.GreetingRequested{GreetingID: id, Name: "Ada"}},
		},
		{Name: "it is met", When: requested, State: []eventing.Document{greeted}},
		{Name: "once", After: []eventingtest.Unit{requested}, When: requested},
	})
}

func TestValidName(t *testing.T) {
	for name, want := range map[string]bool{"Ada": true, "": false, " ": false, strings.Repeat("a", 100): true, strings.Repeat("a", 101): false} {
		if greeting.ValidName(name) != want {
			t.Errorf("ValidName(%q) is not %t", name, want)
		}
	}
}
