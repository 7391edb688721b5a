package dynamodb

import (
	"context"
	"maps"
	"slices"
)

// ListTablesInput is the input of ListTables.
type ListTablesInput struct {
	ExclusiveStartTableName string
	Limit                   *int
}

// ListTablesOutput is the output of ListTables.
type ListTablesOutput struct {
	TableNames             []string
	LastEvaluatedTableName string `json:",omitempty"`
}

// ListTables lists table names in pages of up to 100.
func (s *Service) ListTables(_ context.Context, in *ListTablesInput) (*ListTablesOutput, error) {
	limit := 100
	if in.Limit != nil {
		limit = *in.Limit
	}
	if limit < 1 || limit > 100 {
		return nil, invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100", limit)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListTablesOutput{TableNames: []string{}}
	for _, name := range slices.Sorted(maps.Keys(s.tables)) {
		if name <= in.ExclusiveStartTableName {
			continue
		}
		if len(out.TableNames) == limit {
			out.LastEvaluatedTableName = out.TableNames[limit-1]
			break
		}
		out.TableNames = append(out.TableNames, name)
	}
	return out, nil
}
