package events

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// bridged is an EventBridge event.
type bridged struct {
	ID         string          `json:"id"`
	DetailType *string         `json:"detail-type"` // every EventBridge event has one
	Source     string          `json:"source"`
	Time       time.Time       `json:"time"`
	Detail     json.RawMessage `json:"detail"`
}

// is reports whether an event is one of a contract from outside.
func (b *bridged) is(contract *Contract) bool {
	return contract.Outside != nil && contract.Outside.Source == b.Source && contract.Outside.DetailType == *b.DetailType
}

// metadata returns what EventBridge itself says about an event. It begins an execution.
func (b *bridged) metadata() Metadata {
	return Metadata{ID: b.ID, Type: *b.DetailType, CorrelationID: b.ID, Producer: b.Source, OccurredAt: b.Time}
}

// arrived returns the envelope of an event from outside.
func (b *bridged) arrived(contract *Contract) (Envelope, error) {
	made := Envelope{Metadata: b.metadata(), Data: b.Detail}
	made.Metadata.Type, made.Metadata.Producer = contract.Type, contract.Producer
	subject, err := contract.Outside.SubjectOf(b.Detail)
	if err != nil {
		return made, &DecodeError{Problem: fmt.Sprintf("the event %q of %s is no %s", *b.DetailType, b.Source, contract.Type), Err: err}
	}
	made.Metadata.Subject = subject
	return made, made.complete()
}

// SubjectOf returns the subject in the data of an event.
func (o *Outside) SubjectOf(data []byte) (string, error) {
	found := json.RawMessage(data)
	for token := range strings.SplitSeq(strings.TrimPrefix(o.Subject, "/"), "/") {
		var object map[string]json.RawMessage
		_ = json.Unmarshal(found, &object) // anything else has no members
		found = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(token)]
	}
	var subject string
	if json.Unmarshal(found, &subject) != nil || subject == "" {
		return "", fmt.Errorf("its subject, %s, is not a text", o.Subject)
	}
	return subject, nil
}
