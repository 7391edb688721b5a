package dynamodb

import (
	"context"
	"maps"
	"slices"
)

// ListTablesInput is the input of ListTables.
type ListTablesInput struct {
	ExclusiveStartTableName *string
	Limit                   *int
}

// ListTablesOutput is the output of ListTables.
type ListTablesOutput struct {
	TableNames             []string
	LastEvaluatedTableName string `json:",omitempty"`
}

// maxTables is the most that ListTables returns.
const maxTables = 100

// ListTables lists table names in pages.
func (s *Service) ListTables(_ context.Context, in *ListTablesInput) (*ListTablesOutput, error) {
	limit, start := maxTables, ""
	var violations []string
	if in.Limit != nil {
		limit = *in.Limit
		violations = append(violations, within("limit", shown(limit), "value", limit, 1, maxTables))
	}
	if in.ExclusiveStartTableName != nil {
		start = *in.ExclusiveStartTableName
		violations = append(violations, named("exclusiveStartTableName", start, minTableName))
	}
	if err := check(violations...); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListTablesOutput{TableNames: []string{}}
	for _, name := range slices.Sorted(maps.Keys(s.tables)) {
		if name <= start {
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
