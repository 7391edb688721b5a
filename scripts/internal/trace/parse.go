package trace

import (
	"bytes"
	"encoding/json"

	"example.com/troupe/events"
)

// Parse returns the step that a line of a service's log carries; ok is false for
// every other line.
func Parse(line []byte) (step events.Step, ok bool) {
	if !bytes.Contains(line, []byte(`"step"`)) { // most lines: not worth decoding
		return events.Step{}, false
	}
	var record struct {
		Message string       `json:"msg"`
		Step    *events.Step `json:"step"`
	}
	if json.Unmarshal(line, &record) != nil || record.Message != events.StepMessage || record.Step == nil {
		return events.Step{}, false
	}
	return *record.Step, true
}
