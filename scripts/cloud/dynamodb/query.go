package dynamodb

import (
	"context"
	"math"
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
	r, err := newReader(&in.selection, func(n int) string { return within("Limit", "", "value", n, 1, math.MaxInt) })
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
	tests, err := keyTests(key)
	if err != nil {
		return nil, err
	}
	if err := checkTests(tests); err != nil {
		return nil, err
	}
	if err := r.open(s, &in.selection); err != nil {
		return nil, err
	}
	for _, a := range r.schema {
		if slices.ContainsFunc(r.filter.paths, func(p path) bool { return p[0].name == a.name }) {
			return nil, invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", a.name)
		}
	}
	if r.keys, err = r.schema.keyRange(tests); err != nil {
		return nil, err
	}
	r.forward = in.ScanIndexForward == nil || *in.ScanIndexForward
	return r.page(s.Bill, &in.selection, "The provided starting key is outside query boundaries based on provided conditions")
}

// Scan returns all items, or those of one segment of a parallel scan.
func (s *Service) Scan(_ context.Context, in *ScanInput) (*PageOutput, error) {
	r, err := newReader(&in.selection, func(n int) string { return within("limit", shown(n), "value", n, 1, math.MaxInt) })
	if err != nil {
		return nil, err
	}
	if err := r.parse(&in.selection, "FilterExpression is"); err != nil {
		return nil, err
	}
	if r.keys, err = in.segment(); err != nil {
		return nil, err
	}
	if err := r.open(s, &in.selection); err != nil {
		return nil, err
	}
	r.forward = true
	return r.page(s.Bill, &in.selection, "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment.")
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
	}
	total, segmentNumber := *in.TotalSegments, *in.Segment
	if err := check(
		within("totalSegments", shown(total), "value", total, 1, maxSegments),
		within("segment", shown(segmentNumber), "value", segmentNumber, 0, maxSegments-1),
	); err != nil {
		return keyRange{}, err
	}
	if segmentNumber >= total {
		return keyRange{}, invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less than TotalSegments: %d", segmentNumber, total)
	}
	low, high := segment(segmentNumber, total)
	return keyRange{low, high}, nil
}
