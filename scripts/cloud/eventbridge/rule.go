package eventbridge

import (
	"context"
	"errors"

	"example.com/localcloud/eventbridge/pattern"
	"example.com/localcloud/wire"
)

// States of a rule.
const (
	enabled  = "ENABLED"
	disabled = "DISABLED"
)

// MaxPatternLength is in characters (API reference of PutRule).
const MaxPatternLength = 4096

// rule is immutable once it is on a bus. A change replaces it, so an event in progress keeps the rule that it
// matched.
type rule struct {
	Rule
	pattern *pattern.Pattern
	targets []*target
}

// Rule describes a rule.
type Rule struct {
	Name         string
	Arn          string
	EventBusName string
	EventPattern string
	State        string
	Description  string `json:",omitempty"`
	RoleArn      string `json:",omitempty"`
}

func ruleARN(bus, name string) string {
	if bus = busName(bus); bus != defaultBus {
		name = bus + "/" + name
	}
	return wire.ARN("events", "rule/"+name)
}

// rule returns a rule and its bus.
func (s *Service) rule(busName, name string) (*bus, *rule, error) {
	b, err := s.bus(busName)
	if err != nil {
		return nil, nil, err
	}
	r := b.rules[name]
	if r == nil {
		return nil, nil, notFound("Rule %s does not exist on EventBus %s.", name, b.name)
	}
	return b, r, nil
}

// PutRuleInput describes a rule.
type PutRuleInput struct {
	Name               string
	EventBusName       string
	EventPattern       string
	ScheduleExpression string
	State              string
	Description        string
	RoleArn            string
	Tags               []Tag
}

func (in *PutRuleInput) arn() string { return ruleARN(in.EventBusName, in.Name) }

// PutRuleOutput identifies the rule.
type PutRuleOutput struct{ RuleArn string }

// PutRule creates a rule, or changes everything about it except its targets.
func (s *Service) PutRule(_ context.Context, in *PutRuleInput) (*PutRuleOutput, error) {
	compiled, err := in.check()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.bus(in.EventBusName)
	if err != nil {
		return nil, err
	}
	r := &rule{Rule: Rule{in.Name, ruleARN(b.name, in.Name), b.name, in.EventPattern, in.State, in.Description, in.RoleArn}, pattern: compiled}
	if r.State == "" {
		r.State = enabled
	}
	if old := b.rules[in.Name]; old != nil {
		r.targets = old.targets
	}
	s.putRule(b, r)
	s.tag(r.Arn, in.Tags)
	return &PutRuleOutput{r.Arn}, nil
}

func (in *PutRuleInput) check() (*pattern.Pattern, error) {
	if err := checkName("name", in.Name, 64); err != nil {
		return nil, err
	}
	if in.ScheduleExpression != "" {
		return nil, validation("The local cloud has no schedules: ScheduleExpression is not supported.")
	}
	if in.State != "" && in.State != enabled && in.State != disabled {
		return nil, validation("The local cloud supports the rule states ENABLED and DISABLED, not %s.", in.State)
	}
	if err := checkLength("description", in.Description, maxDescription); err != nil {
		return nil, err
	}
	if in.EventPattern == "" {
		return nil, validation("Parameter(s) EventPattern or ScheduleExpression must be specified.")
	}
	return compile(in.EventPattern)
}

func compile(text string) (*pattern.Pattern, error) {
	if len(text) > MaxPatternLength {
		return nil, validation("1 validation error detected: Value at 'eventPattern' failed to satisfy constraint: Member must have length less than or equal to %d", MaxPatternLength)
	}
	compiled, err := pattern.Compile([]byte(text))
	if e, ok := errors.AsType[*pattern.Error](err); ok {
		return nil, wire.Errorf("InvalidEventPatternException", "%s", e.Error())
	}
	return compiled, err
}

// RuleInput names a rule. Force only matters for rules that AWS manages, which don't exist here.
type RuleInput struct {
	Name         string
	EventBusName string
	Force        bool
}

func (in *RuleInput) arn() string { return ruleARN(in.EventBusName, in.Name) }

// DeleteRule deletes a rule, which must have no targets. It succeeds if there is no such rule.
func (s *Service) DeleteRule(_ context.Context, in *RuleInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.bus(in.EventBusName)
	if err != nil {
		return nil, err
	}
	r := b.rules[in.Name]
	if r == nil {
		return &Nothing{}, nil
	}
	if len(r.targets) > 0 {
		return nil, validation("Rule can't be deleted since it has targets.")
	}
	s.deleteRule(b, r)
	return &Nothing{}, nil
}

// DescribeRuleOutput is a rule with the account that created it.
type DescribeRuleOutput struct {
	Rule
	CreatedBy string
}

// DescribeRule describes a rule.
func (s *Service) DescribeRule(_ context.Context, in *RuleInput) (*DescribeRuleOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, r, err := s.rule(in.EventBusName, in.Name)
	if err != nil {
		return nil, err
	}
	return &DescribeRuleOutput{r.Rule, wire.Account}, nil
}

// EnableRule enables a rule.
func (s *Service) EnableRule(_ context.Context, in *RuleInput) (*Nothing, error) {
	return s.setState(in, enabled)
}

// DisableRule disables a rule, so that it matches nothing.
func (s *Service) DisableRule(_ context.Context, in *RuleInput) (*Nothing, error) {
	return s.setState(in, disabled)
}

func (s *Service) setState(in *RuleInput, state string) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, r, err := s.rule(in.EventBusName, in.Name)
	if err != nil {
		return nil, err
	}
	changed := *r
	changed.State = state
	s.putRule(b, &changed)
	return &Nothing{}, nil
}

// ListRulesInput selects rules of a bus.
type ListRulesInput struct {
	ListInput
	EventBusName string
}

func (in *ListRulesInput) arn() string { return ruleARN(in.EventBusName, "*") }

// ListRulesOutput is a page of rules.
type ListRulesOutput struct {
	Rules     []Rule
	NextToken string `json:",omitempty"`
}

// ListRules lists the rules of a bus in order of name.
func (s *Service) ListRules(_ context.Context, in *ListRulesInput) (*ListRulesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, err := s.bus(in.EventBusName)
	if err != nil {
		return nil, err
	}
	rules, next := pageOf(b.rules, in.ListInput, nil)
	out := &ListRulesOutput{Rules: []Rule{}, NextToken: next}
	for _, r := range rules {
		out.Rules = append(out.Rules, r.Rule)
	}
	return out, nil
}
