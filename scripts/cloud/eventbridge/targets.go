package eventbridge

import (
	"context"
	"slices"

	"example.com/localcloud/wire"
)

// MaxTargets is the maximum number of targets of a rule (service quotas).
const MaxTargets = 5

// PutTargetsInput adds targets to a rule, or replaces those with the same ids.
type PutTargetsInput struct {
	Rule         string
	EventBusName string
	Targets      []Target
}

func (in *PutTargetsInput) arn() string { return ruleARN(in.EventBusName, in.Rule) }

// FailedEntry describes a target that could not be added or removed.
type FailedEntry struct{ TargetId, ErrorCode, ErrorMessage string }

// TargetsOutput holds the failed entries and their number.
type TargetsOutput struct {
	FailedEntryCount int
	FailedEntries    []FailedEntry
}

// PutTargets adds targets to a rule or replaces them.
func (s *Service) PutTargets(_ context.Context, in *PutTargetsInput) (*TargetsOutput, error) {
	var checked []*target
	for _, t := range in.Targets {
		compiled, err := newTarget(t)
		if err != nil {
			return nil, err
		}
		checked = append(checked, compiled)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, r, err := s.rule(in.EventBusName, in.Rule)
	if err != nil {
		return nil, err
	}
	changed := *r
	changed.targets = merge(r.targets, checked)
	if len(changed.targets) > MaxTargets {
		return nil, wire.Errorf("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
	}
	s.putRule(b, &changed)
	return &TargetsOutput{FailedEntries: []FailedEntry{}}, nil
}

// merge returns the old targets and the added ones. An added one replaces an old one with the same id.
func merge(old, added []*target) []*target {
	merged := slices.Clone(old)
	for _, t := range added {
		if i := indexOf(merged, t.Id); i >= 0 {
			merged[i] = t
		} else {
			merged = append(merged, t)
		}
	}
	return merged
}

func indexOf(targets []*target, id string) int {
	return slices.IndexFunc(targets, func(t *target) bool { return t.Id == id })
}

// RemoveTargetsInput names targets of a rule.
type RemoveTargetsInput struct {
	Rule         string
	EventBusName string
	Ids          []string
	Force        bool
}

func (in *RemoveTargetsInput) arn() string { return ruleARN(in.EventBusName, in.Rule) }

// RemoveTargets removes targets. An unknown id is a failed entry.
func (s *Service) RemoveTargets(_ context.Context, in *RemoveTargetsInput) (*TargetsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, r, err := s.rule(in.EventBusName, in.Rule)
	if err != nil {
		return nil, err
	}
	out := &TargetsOutput{FailedEntries: []FailedEntry{}}
	changed := *r
	changed.targets = slices.Clone(r.targets)
	for _, id := range in.Ids {
		i := indexOf(changed.targets, id)
		if i < 0 {
			out.FailedEntryCount++
			out.FailedEntries = append(out.FailedEntries, FailedEntry{id, "ResourceNotFoundException", "Rule " + r.Name + " has no target " + id + "."})
			continue
		}
		changed.targets = slices.Delete(changed.targets, i, i+1)
	}
	s.putRule(b, &changed)
	return out, nil
}

// ListTargetsByRuleInput selects targets of a rule.
type ListTargetsByRuleInput struct {
	Rule         string
	EventBusName string
	NextToken    string
	Limit        Limit
}

func (in *ListTargetsByRuleInput) arn() string { return ruleARN(in.EventBusName, in.Rule) }

// ListTargetsByRuleOutput is a page of targets.
type ListTargetsByRuleOutput struct {
	Targets   []Target
	NextToken string `json:",omitempty"`
}

// ListTargetsByRule lists a rule's targets in order of id.
func (s *Service) ListTargetsByRule(_ context.Context, in *ListTargetsByRuleInput) (*ListTargetsByRuleOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, r, err := s.rule(in.EventBusName, in.Rule)
	if err != nil {
		return nil, err
	}
	byID := map[string]Target{}
	for _, t := range r.targets {
		byID[t.Id] = t.Target
	}
	targets, next := pageOf(byID, ListInput{NextToken: in.NextToken, Limit: in.Limit}, nil)
	return &ListTargetsByRuleOutput{append([]Target{}, targets...), next}, nil
}

// ListRuleNamesByTargetInput names a target's ARN.
type ListRuleNamesByTargetInput struct {
	TargetArn    string
	EventBusName string
	NextToken    string
	Limit        Limit
}

func (in *ListRuleNamesByTargetInput) arn() string { return ruleARN(in.EventBusName, "*") }

// ListRuleNamesByTargetOutput is a page of names.
type ListRuleNamesByTargetOutput struct {
	RuleNames []string
	NextToken string `json:",omitempty"`
}

// ListRuleNamesByTarget lists the rules of a bus that have the given target.
func (s *Service) ListRuleNamesByTarget(_ context.Context, in *ListRuleNamesByTargetInput) (*ListRuleNamesByTargetOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, err := s.bus(in.EventBusName)
	if err != nil {
		return nil, err
	}
	rules, next := pageOf(b.rules, ListInput{NextToken: in.NextToken, Limit: in.Limit}, func(r *rule) bool {
		return slices.ContainsFunc(r.targets, func(t *target) bool { return t.Arn == in.TargetArn })
	})
	out := &ListRuleNamesByTargetOutput{RuleNames: []string{}, NextToken: next}
	for _, r := range rules {
		out.RuleNames = append(out.RuleNames, r.Name)
	}
	return out, nil
}
