package schema

import (
	"encoding/json"
	"strings"
)

// SubjectOf returns the subject in the data of an event, or "" if there is none.
func (e *Event) SubjectOf(data []byte) string {
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		return ""
	}
	found, _ := find(document, Pointer(e.Subject))
	subject, _ := found.(string)
	return subject
}

// SetSubject replaces the subject in the decoded data of an event, if there is an object for it.
func (e *Event) SetSubject(data any, subject string) {
	place := Pointer(e.Subject)
	at := strings.LastIndex(place, "/")
	parent, _ := find(data, place[:at])
	if object, is := parent.(map[string]any); is {
		object[unescape.Replace(place[at+1:])] = subject
	}
}
