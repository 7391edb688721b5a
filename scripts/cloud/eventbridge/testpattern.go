package eventbridge

import (
	"context"
	"encoding/json"
	"strings"
)

// TestEventPatternInput is a pattern and an event.
type TestEventPatternInput struct{ EventPattern, Event string }

// TestEventPatternOutput reports whether they match.
type TestEventPatternOutput struct{ Result bool }

// TestEventPattern reports whether a pattern matches an event.
func (s *Service) TestEventPattern(_ context.Context, in *TestEventPatternInput) (*TestEventPatternOutput, error) {
	compiled, err := compile(in.EventPattern)
	if err != nil {
		return nil, err
	}
	if !json.Valid([]byte(in.Event)) || strings.TrimSpace(in.Event)[0] != '{' {
		return nil, validation("Parameter Event is not valid.") // LocalStack's test_plain_string_payload, validated against AWS
	}
	match, err := compiled.Match([]byte(in.Event))
	if err != nil {
		return nil, validation("Parameter Event is not valid. Reason: %v.", err)
	}
	return &TestEventPatternOutput{match}, nil
}
