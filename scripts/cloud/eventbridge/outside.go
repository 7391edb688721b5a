package eventbridge

import (
	"cmp"
	"context"

	"example.com/localcloud/requestid"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// Outside is the service name in signatures of requests that play AWS's services and partners: see WireOutside.
const Outside = "outside"

// OutsideShapes is the namespace of its error types.
const OutsideShapes = "local.outside"

// WireOutside returns the table of one operation that AWS doesn't have. With it, the account's root user plays AWS's own
// services and partners, whose sources PutEvents refuses.
func (s *Service) WireOutside() *wire.Service {
	return &wire.Service{
		Name: Outside, Target: "Outside", Version: "1.1", Shapes: OutsideShapes,
		Operations: []wire.Operation{wire.Op("Arrive", s.Arrive, nil)},
	}
}

// ArriveInput is an event that arrives from outside. One that arrives again has the same id.
type ArriveInput struct {
	Id    string // "" makes one
	Event Entry
}

// Arrive publishes an event of any source.
func (s *Service) Arrive(ctx context.Context, in *ArriveInput) (*EntryResult, error) {
	detail, problem := in.Event.check()
	if problem != nil {
		return nil, wire.Errorf(problem.ErrorCode, "%s", problem.ErrorMessage)
	}
	if err := checkLength("event.traceHeader", in.Event.TraceHeader, maxTraceHeader); err != nil {
		return nil, err
	}
	s.mu.RLock()
	b, err := s.bus(in.Event.EventBusName)
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	e := in.Event.event(cmp.Or(in.Id, requestid.New()), detail)
	s.tap.Tell(tap.Hop{Kind: tap.Published, Resource: b.arn, From: in.Event.Source, MessageID: e.id, Body: e.raw})
	s.publish(context.WithoutCancel(ctx), b, e)
	return &EntryResult{EventId: e.id}, nil
}
