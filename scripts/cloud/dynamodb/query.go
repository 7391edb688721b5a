package dynamodb

import (
	"context"
	"slices"
)

// QueryInput is the input of Query.
type QueryInput struct {
	KeyConditionExpression *string
	ScanIndexForward       *bool
	selection
}

// ScanInput is the input of Scan.
type ScanInput struct {
	Segment       *int
	TotalSegments *int
	selection
}

// Query returns the items of one partition whose sort keys meet a condition, in order.
func (s *Service) Query(_ context.Context, in *QueryInput) (*PageOutput, error) {
	r, err := s.reader(&in.selection)
	if err != nil {
		return nil, err
	}
	if in.KeyConditionExpression == nil {
		return nil, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	key, err := parse(r.scope, "KeyConditionExpression", in.KeyConditionExpression, (*parser).condition)
	if err != nil {
		return nil, err
	}
	if err := r.parse(&in.selection, "FilterExpression and KeyConditionExpression are"); err != nil {
		return nil, err
	}
	for _, a := range r.schema {
		if slices.Contains(r.filter.names, a.name) {
			return nil, invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", a.name)
		}
	}
	if r.keys, err = r.schema.keyRange(key); err != nil {
		return nil, err
	}
	r.forward = in.ScanIndexForward == nil || *in.ScanIndexForward
	return r.page(&in.selection, "The provided starting key is outside query boundaries based on provided conditions")
}

// Scan returns all items, or those of one segment of a parallel scan.
func (s *Service) Scan(_ context.Context, in *ScanInput) (*PageOutput, error) {
	r, err := s.reader(&in.selection)
	if err != nil {
		return nil, err
	}
	if err := r.parse(&in.selection, "FilterExpression is"); err != nil {
		return nil, err
	}
	if r.keys, err = in.segment(); err != nil {
		return nil, err
	}
	r.forward = true
	return r.page(&in.selection, "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment.")
}

// maxSegments is the maximum number of segments of a parallel scan.
const maxSegments = 1_000_000

func (in *ScanInput) segment() (keyRange, error) {
	switch {
	case in.Segment == nil && in.TotalSegments == nil:
		return keyRange{}, nil
	case in.Segment == nil:
		return keyRange{}, invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case in.TotalSegments == nil:
		return keyRange{}, invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	case *in.TotalSegments < 1 || *in.TotalSegments > maxSegments:
		return keyRange{}, invalid("1 validation error detected: Value '%d' at 'totalSegments' failed to satisfy constraint: Member must have value between 1 and %d", *in.TotalSegments, maxSegments)
	case *in.Segment < 0 || *in.Segment >= *in.TotalSegments:
		return keyRange{}, invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less than TotalSegments: %d", *in.Segment, *in.TotalSegments)
	}
	low, high := segment(*in.Segment, *in.TotalSegments)
	return keyRange{low, high}, nil
}
