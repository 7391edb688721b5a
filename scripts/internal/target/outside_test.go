package target_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/target"
)

// TestOutsideIsOnlyPlayedLocally holds that an event from outside is published nowhere but in a local cloud, and that the
// error says what to do.
func TestOutsideIsOnlyPlayedLocally(t *testing.T) {
	contract := &events.Contract{Type: "chart.uploaded.v1", Producer: "charts", Outside: &events.Outside{Source: "aws.s3", DetailType: "Object Created", Bus: "default"}}
	message := events.Message{Envelope: events.Envelope{Metadata: events.Metadata{ID: "e-1", Type: contract.Type, OccurredAt: time.Now()}, Data: []byte(`{}`)}}
	at := &target.Target{Config: aws.Config{Region: "eu-central-1"}, Outsiders: []*events.Contract{contract}}
	err := at.Publisher("charts").Publish(t.Context(), message)
	if refused, is := errors.AsType[*target.OutsideError](err); !is || refused.Contract != contract || !strings.Contains(err.Error(), "only aws.s3 publishes chart.uploaded.v1 on AWS: let it happen there") {
		t.Errorf("on AWS: %v", err)
	}
	at.Config = endpoint.At("http://127.0.0.1:1")
	if err := at.Publisher("charts").Publish(t.Context(), message); err == nil || !strings.Contains(err.Error(), "play chart.uploaded.v1 of aws.s3: request Arrive") {
		t.Errorf("where nobody listens: %v", err)
	}
}
