// Package testevent creates test events from the contracts' examples.
package testevent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// Fresh returns an example with new identities: it replaces the subject and all other members whose names end in Id,
// at any depth. Equal values stay equal.
func Fresh(contract *schema.Event, example []byte) ([]byte, error) {
	var document any
	decoder := json.NewDecoder(bytes.NewReader(example))
	decoder.UseNumber() // keep numbers as written
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("read the example of %s: %w", contract.Type, err)
	}
	renewed := map[string]string{}
	renew(document, contract.Subject, renewed)
	if strings.HasPrefix(contract.Subject, "/") {
		contract.SetSubject(document, identity(contract.SubjectOf(example), renewed))
	}
	return json.Marshal(document)
}

func renew(value any, subject string, renewed map[string]string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			renew(item, subject, renewed)
		}
	case map[string]any:
		for name, member := range value {
			text, isText := member.(string)
			if isText && (name == subject || strings.HasSuffix(name, "Id")) {
				value[name] = identity(text, renewed)
			} else {
				renew(member, subject, renewed)
			}
		}
	}
}

// identity returns the replacement of an identity; it keeps the prefix: "o-…".
func identity(old string, renewed map[string]string) string {
	if renewed[old] == "" {
		kind, _, prefixed := strings.Cut(old, "-")
		if !prefixed {
			kind = "test"
		}
		renewed[old] = kind + "-" + strings.ReplaceAll(events.NewID(), "-", "")[:20]
	}
	return renewed[old]
}

// Message wraps data in an envelope: a new event that begins a new execution.
func Message(contract *schema.Event, data []byte) (events.Message, error) {
	if err := schema.Validate(&contract.Contract, data); err != nil {
		return events.Message{}, err
	}
	id := events.NewID()
	return events.Message{Channel: contract.Channel, Envelope: events.Envelope{
		Metadata: events.Metadata{
			ID: id, Type: contract.Type, Subject: contract.SubjectOf(data), CorrelationID: id,
			Producer: contract.Producer, OccurredAt: time.Now().UTC(),
		},
		Data: data,
	}}, nil
}
