package trace

import (
	"bytes"
	"encoding/json"

	"example.com/troupe/events"
)

// Parse returns the step in a line of a service's log; ok is false for other lines.
func Parse(line []byte) (step events.Step, ok bool) {
	if !bytes.Contains(line, []byte(`"step"`)) { // most lines aren't worth decoding
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
