// Package greeting decides how a person is greeted.
package greeting

import (
	"context"
	"strings"
	"unicode/utf8"

	"example.com/troupe/events"
	"example.com/troupe/events/greetings"
	"example.com/troupe/services/kit/eventing"
)

// Greeting is the document of one greeting.
type Greeting struct {
	ID   string `json:"greetingId"`
	Text string `json:"text"`
}

// Key returns the key of the document.
func (g *Greeting) Key() string { return "greeting/" + g.ID }

// ValidName reports whether a name is valid.
func ValidName(name string) bool {
	return strings.TrimSpace(name) != "" && utf8.ValidString(name) && utf8.RuneCountInString(name) <= 100
}

// Request requests a greeting. Its ID derives from the request's idempotency key.
func Request(tx *eventing.Tx, name string) greetings.GreetingRequested {
	requested := greetings.GreetingRequested{GreetingID: newID(tx.Event().ID), Name: name}
	tx.Publish(requested)
	return requested
}

// newID derives an ID of 80 bits. A request that is sent again gets the same ID.
func newID(causeID string) string {
	return "g-" + strings.ReplaceAll(events.DeriveID(causeID, "greeting", 0), "-", "")[:20]
}

// Greet writes the greeting.
func Greet(ctx context.Context, tx *eventing.Tx, requested greetings.GreetingRequested) error {
	greeting := &Greeting{ID: requested.GreetingID}
	if known, err := tx.Load(ctx, greeting); known || err != nil {
		return err
	}
	greeting.Text = "Hello, " + requested.Name + "!"
	tx.Save(greeting)
	return nil
}
