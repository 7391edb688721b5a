package unit

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// scope is this package's name in traces.
const scope = "example.com/troupe/services/kit/unit"

// Start starts a span in the trace whose context the carrier holds. End it with End.
func (r *Runner) Start(ctx context.Context, name string, kind trace.SpanKind, from propagation.TextMapCarrier, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	ctx = propagation.TraceContext{}.Extract(ctx, from)
	return r.tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(attributes...))
}

// Received records the span of a receive that brought messages.
func (r *Runner) Received(ctx context.Context, began time.Time, messages int) {
	r.span(ctx, "receive", began, nil, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("messaging.system", "aws_sqs"),
		attribute.String("messaging.operation.type", "receive"),
		attribute.Int("messaging.batch.message_count", messages),
	))
}

// span records a span that began in the past and ends now.
func (r *Runner) span(ctx context.Context, name string, began time.Time, err error, options ...trace.SpanStartOption) {
	_, span := r.tracer.Start(ctx, name, append(options, trace.WithTimestamp(began))...)
	End(ctx, span, err)
}

// End ends a span, with the error if there is one, without the personal values that the context hides.
func End(ctx context.Context, span trace.Span, err error) {
	if err = scrubbedError(ctx, err); err != nil {
		span.RecordError(err)
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}

// traceparent returns the trace context as events carry it, "" if there is none.
func traceparent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier["traceparent"]
}
