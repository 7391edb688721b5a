package simulation

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	otel "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
	"go.opentelemetry.io/otel/trace/noop"
)

// tracing finds out from the kit's spans which message a call is about. Nothing else distinguishes two messages with
// the same content that one instance handles concurrently.
type tracing struct{ embedded.TracerProvider }

// Tracer returns the same tracer for all names.
func (tracing) Tracer(string, ...otel.TracerOption) otel.Tracer { return tracer{} }

type tracer struct{ embedded.Tracer }

// Start starts a span for the message of the enclosing span.
func (tracer) Start(ctx context.Context, _ string, options ...otel.SpanStartOption) (context.Context, otel.Span) {
	s, config := &span{message: messageOf(ctx)}, otel.NewSpanStartConfig(options...)
	s.SetAttributes(config.Attributes()...)
	return otel.ContextWithSpan(ctx, s), s
}

type span struct {
	noop.Span
	message string // its ID; "" for a request
}

// IsRecording returns true, so that attributes are set.
func (*span) IsRecording() bool { return true }

// SetAttributes keeps the message's ID.
func (s *span) SetAttributes(attributes ...attribute.KeyValue) {
	for _, a := range attributes {
		if a.Key == "messaging.message.id" {
			s.message = a.Value.AsString()
		}
	}
}

func messageOf(ctx context.Context) string {
	if s, ours := otel.SpanFromContext(ctx).(*span); ours {
		return s.message
	}
	return ""
}
