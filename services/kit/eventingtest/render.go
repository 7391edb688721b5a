package eventingtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
)

// Both sides of a comparison are rendered as text, so that cmp shows a difference line by
// line, with the names of the wire.

func render(commit eventing.Commit) string {
	return renderMessages(commit.Record.Messages) + renderNames(commit.Record.Cancelled) + renderChanges(commit.Changes)
}

func renderNames(names []string) string { return strings.Join(names, "\n") }

func renderMessages(messages []events.Message) string {
	var b strings.Builder
	for _, m := range messages {
		var after time.Duration
		if !m.Due.IsZero() {
			after = m.Due.Sub(m.Envelope.Metadata.OccurredAt)
		}
		b.WriteString(block(m.Envelope.Metadata.Type, after, m.Envelope.Data))
	}
	return b.String()
}

func renderEvents(published []events.Event) string {
	var b strings.Builder
	for _, event := range published {
		var after time.Duration
		if r, ok := event.(reminder); ok {
			event, after = r.Event, r.after
		}
		b.WriteString(block(event.Contract().Type, after, encode(event)))
	}
	return b.String()
}

func renderChanges(changes []eventing.Change) string {
	var blocks []string
	for _, change := range changes {
		if change.Body != nil {
			blocks = append(blocks, block(change.Key, 0, change.Body))
		}
	}
	slices.Sort(blocks)
	return strings.Join(blocks, "")
}

func renderDocuments(documents []eventing.Document) string {
	changes := make([]eventing.Change, len(documents))
	for i, doc := range documents {
		changes[i] = eventing.Change{Key: doc.Key(), Body: encode(doc)}
	}
	return renderChanges(changes)
}

// encode returns the JSON of a value. An error is returned in its place, and shows up as a
// difference.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return []byte(err.Error())
	}
	return data
}

func block(name string, after time.Duration, data []byte) string {
	var b bytes.Buffer
	b.WriteString(name)
	if after != 0 {
		fmt.Fprintf(&b, " in %s", after)
	}
	b.WriteByte(' ')
	if err := json.Indent(&b, data, "", "  "); err != nil {
		b.Write(data)
	}
	b.WriteByte('\n')
	return b.String()
}
