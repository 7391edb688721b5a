package personal

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// About reports whether an event with personal data is about a subject: it is the event's subject, or the value of a
// personal member.
func (d *Declared) About(event events.Envelope, subject string) bool {
	contract := d.contracts[event.Metadata.Type]
	if contract == nil || !d.Marks(contract.Type) {
		return false
	}
	_, values := schema.Hide(contract, event.Data)
	return event.Metadata.Subject == subject || slices.Contains(values, subject)
}

// AboutMessage reports whether a message is about a subject: an event that is, or what is no known event and mentions it.
func (d *Declared) AboutMessage(body []byte, subject string) bool {
	event, err := events.Decode(body)
	if err == nil && d.contracts[event.Metadata.Type] != nil {
		return d.About(event, subject)
	}
	return Mentions(string(body), subject)
}

// Mentions reports whether a text has a subject as a word of its own: "c-1" is not in "c-10".
func Mentions(text, subject string) bool {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' }
	for from := 0; ; {
		at := strings.Index(text[from:], subject)
		if at < 0 || subject == "" {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+at])
		after, _ := utf8.DecodeRuneInString(text[from+at+len(subject):])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from += at + 1
	}
}

// response is how a service keeps what it answered to a request.
type response struct {
	Status int             `json:"status"`
	Header json.RawMessage `json:"header"`
	Body   []byte          `json:"body"`
}

// EraseRecord returns an idempotency record of a service without the subject: without its events that have personal data,
// and with the personal members of the response hidden if those or the response are about it. What is left still keeps a
// repeat from having a second effect. Events are removed whole: one without its personal members would break its contract,
// and become a dead letter where it is published again. The record is returned as it is if it isn't about the subject.
func (d *Declared) EraseRecord(service string, record []byte, subject string) ([]byte, error) {
	var kept map[string]json.RawMessage
	if len(record) == 0 {
		return record, nil // of a unit of work that runs
	}
	if err := json.Unmarshal(record, &kept); err != nil {
		return nil, err
	}
	var messages, others []events.Message
	if raw := kept["messages"]; raw != nil {
		if err := json.Unmarshal(raw, &messages); err != nil {
			return nil, err
		}
	}
	for _, m := range messages {
		if !d.About(m.Envelope, subject) {
			others = append(others, m)
		}
	}
	about := len(others) < len(messages)
	if about {
		kept["messages"], _ = json.Marshal(others) // decoded a moment ago
	}
	changed, err := d.eraseResponse(service, kept, about, subject)
	if err != nil || !about && !changed {
		return record, err
	}
	return json.Marshal(kept)
}

// eraseResponse hides the personal members of a record's response, and reports whether it had any.
func (d *Declared) eraseResponse(service string, kept map[string]json.RawMessage, about bool, subject string) (changed bool, err error) {
	var encoded []byte
	if kept["response"] == nil {
		return false, nil
	}
	if err := json.Unmarshal(kept["response"], &encoded); err != nil {
		return false, err
	}
	var answered response
	if err := json.Unmarshal(encoded, &answered); err != nil {
		return false, err
	}
	shown, values := d.members[service].Hide(answered.Body)
	values = slices.DeleteFunc(values, func(value string) bool { return value == schema.Hidden })
	if len(values) == 0 || !about && !slices.Contains(values, subject) {
		return false, nil
	}
	answered.Body = shown
	if encoded, err = json.Marshal(answered); err != nil {
		return false, err
	}
	kept["response"], err = json.Marshal(encoded)
	return true, err
}

// EraseDocument returns a service's document without the subject: if its key ends with the subject, all of its personal
// members become null, otherwise those values in personal members that are the subject. Null is what any Go type takes and
// leaves at its zero value. The document is returned as it is if it isn't about the subject.
func (d *Declared) EraseDocument(service, key string, body []byte, subject string) ([]byte, error) {
	members := d.members[service]
	whole, changed := key == subject || strings.HasSuffix(key, "/"+subject), false
	if len(members) == 0 || len(bytes.TrimSpace(body)) == 0 {
		return body, nil
	}
	erased, err := members.Replace(body, func(_ string, value any) any {
		switch {
		case value == nil:
		case whole:
			value, changed = nil, true
		default:
			value = without(value, subject, &changed)
		}
		return value
	})
	if err != nil || !changed {
		return body, err
	}
	return erased, nil
}

// without returns a value in which null stands for a subject.
func without(value any, subject string, changed *bool) any {
	switch value := value.(type) {
	case string:
		if value == subject {
			*changed = true
			return nil
		}
	case json.Number:
		if value.String() == subject {
			*changed = true
			return nil
		}
	case []any:
		for i := range value {
			value[i] = without(value[i], subject, changed)
		}
	case map[string]any:
		for name := range value {
			value[name] = without(value[name], subject, changed)
		}
	}
	return value
}
