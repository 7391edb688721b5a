package trace

import (
	"bytes"
	"encoding/json"
	"time"

	"example.com/troupe/events"
)

// longest is the size from which only the message of a line is kept, in bytes. A stack trace has a few thousand.
const longest = 64 << 10

// Line is what a handler logged while it handled an event or a request: a line of the kit's logger that isn't a step.
type Line struct {
	Service       string         `json:"-"`
	CorrelationID string         `json:"-"`
	EventID       string         `json:"-"`
	Time          time.Time      `json:"time"`
	Level         string         `json:"level"`
	Message       string         `json:"message"`
	Attributes    map[string]any `json:"attributes,omitempty"`
	Size          int            `json:"-"` // in bytes, as logged
}

// ParseLine returns what a handler logged; ok is false for steps, and for lines that belong to no event or request.
func ParseLine(line []byte) (parsed Line, ok bool) {
	if !bytes.Contains(line, []byte(`"eventId"`)) || bytes.Contains(line, []byte(`"msg":"`+events.StepMessage+`"`)) {
		return Line{}, false // most lines aren't worth decoding
	}
	var about struct {
		Time                            time.Time
		Level, Msg                      string
		Service, CorrelationID, EventID string
	}
	if json.Unmarshal(line, &about) != nil || about.EventID == "" || about.Msg == events.StepMessage {
		return Line{}, false
	}
	parsed = Line{
		Service: about.Service, CorrelationID: about.CorrelationID, EventID: about.EventID,
		Time: about.Time, Level: about.Level, Message: about.Msg, Size: len(line),
	}
	if len(line) > longest {
		parsed.Message, parsed.Size = parsed.Message[:min(len(parsed.Message), longest)], min(len(parsed.Message), longest)
		return parsed, true
	}
	_ = json.Unmarshal(line, &parsed.Attributes) // it has just been valid
	for _, known := range []string{"time", "level", "msg", "service", "environment", "correlationId", "eventId"} {
		delete(parsed.Attributes, known)
	}
	return parsed, true
}
