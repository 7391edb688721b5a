// Package logline shows what services log to a person: a line of JSON as its level, message and attributes.
package logline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"example.com/troupe/events"
)

// Line is one line of a service's log.
type Line struct {
	Time          time.Time // zero for plain text
	Level         slog.Level
	Message       string
	CorrelationID string
	Attributes    []string // "name=value", in the order of the line, without those that every line of a service has
}

// platform are the beginnings of the lines that Lambda itself writes to a function's log.
var platform = []string{"START RequestId: ", "END RequestId: ", "REPORT RequestId: "}

// Parse reads a line. Plain text is a warning, because a service that works logs JSON. ok is false for steps, which
// are shown in another way, for Lambda's own lines, and for empty ones.
func Parse(line []byte) (parsed Line, ok bool) {
	line = bytes.TrimRight(line, "\r\n")
	text := string(line)
	if text == "" || slices.ContainsFunc(platform, func(start string) bool { return strings.HasPrefix(text, start) }) {
		return Line{}, false
	}
	if members, err := decode(line); err == nil {
		for _, m := range members {
			parsed.add(m)
		}
		return parsed, parsed.Message != events.StepMessage
	}
	return Line{Level: slog.LevelWarn, Message: text}, true
}

// member is a member of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// decode returns the members of a JSON object in their order.
func decode(line []byte) (members []member, err error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: fmt.Sprint(name)}
		if err := decoder.Decode(&m.value); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	_, err = decoder.Token()
	return members, err
}

func (l *Line) add(m member) {
	text := string(m.value)
	_ = json.Unmarshal(m.value, &text) // what isn't a string stays as it is
	switch m.name {
	case slog.TimeKey:
		l.Time, _ = time.Parse(time.RFC3339Nano, text)
	case slog.LevelKey:
		_ = l.Level.UnmarshalText([]byte(text)) // an unknown level is INFO
	case slog.MessageKey:
		l.Message = text
	case "correlationId":
		l.CorrelationID = text
	case "service", "environment", "eventId": // each line has them
	default:
		l.Attributes = append(l.Attributes, m.name+"="+text)
	}
}

// String returns the level, the message and the attributes. Plain text stays as it is.
func (l Line) String() string {
	if l.Time.IsZero() && l.Attributes == nil {
		return l.Message
	}
	return strings.Join(append([]string{l.Level.String(), l.Message}, l.Attributes...), "  ")
}
