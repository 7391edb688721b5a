package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// list is a JSON string or a list of strings. Booleans and numbers are converted to strings.
type list []string

func (l *list) UnmarshalJSON(raw []byte) error {
	var many []json.RawMessage
	if raw[0] != '[' {
		many = []json.RawMessage{raw}
	} else if err := json.Unmarshal(raw, &many); err != nil {
		return err
	}
	*l = list{}
	for _, one := range many {
		if strings.ContainsRune("{[n", rune(one[0])) {
			return fmt.Errorf("%s must be a string", one)
		}
		text := string(one)
		if one[0] == '"' {
			if err := json.Unmarshal(one, &text); err != nil {
				return err
			}
		}
		*l = append(*l, text)
	}
	return nil
}

type document struct {
	Version   string
	ID        string `json:"Id"`
	Statement json.RawMessage
}

type source struct {
	SID         string `json:"Sid"`
	Effect      string
	Principal   json.RawMessage
	Action      list
	NotAction   list
	Resource    list
	NotResource list
	Condition   map[string]map[string]list
}

// Parse parses a policy document. Its errors name the invalid statement.
func Parse(text string) (Document, error) {
	var d document
	if err := decode([]byte(text), &d); err != nil {
		return Document{}, fmt.Errorf("policy document: %w", err)
	}
	if d.Version != "" && d.Version != "2012-10-17" && d.Version != "2008-10-17" {
		return Document{}, fmt.Errorf("policy document: Version must be 2012-10-17, not %q", d.Version)
	}
	sources, err := d.sources()
	if err != nil {
		return Document{}, err
	}
	var parsed Document
	for i, s := range sources {
		st, err := s.statement()
		if err != nil {
			return Document{}, fmt.Errorf("policy document: statement %d: %w", i+1, err)
		}
		parsed.statements = append(parsed.statements, st)
	}
	return parsed, nil
}

// ParseIdentity parses the policy of a role, which has resources but no principal.
func ParseIdentity(text string) (Document, error) {
	d, err := Parse(text)
	for i, s := range d.statements {
		if s.principals != nil {
			return Document{}, fmt.Errorf("policy document: statement %d: an identity policy has no Principal", i+1)
		}
		if len(s.resources.patterns) == 0 {
			return Document{}, fmt.Errorf("policy document: statement %d: Resource or NotResource is missing", i+1)
		}
	}
	return d, err
}

// sources parses Statement, which is one statement or a list.
func (d document) sources() ([]source, error) {
	raw := d.Statement
	if len(raw) == 0 {
		return nil, errors.New("policy document: Statement is missing")
	}
	if raw[0] != '[' {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var sources []source
	if err := decode(raw, &sources); err != nil {
		return nil, fmt.Errorf("policy document: Statement: %w", err)
	}
	return sources, nil
}

// decode rejects unknown members and trailing data.
func decode(raw []byte, into any) error {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the document")
	}
	return nil
}

func (s source) statement() (statement, error) {
	st := statement{deny: s.Effect == "Deny"}
	if s.Effect != "Allow" && s.Effect != "Deny" {
		return st, fmt.Errorf("the Effect must be Allow or Deny, not %q", s.Effect)
	}
	if (len(s.Action) == 0) == (len(s.NotAction) == 0) {
		return st, errors.New("it needs either Action or NotAction")
	}
	if len(s.Resource) > 0 && len(s.NotResource) > 0 {
		return st, errors.New("it has both Resource and NotResource")
	}
	st.actions = newFilter(lower(s.Action), lower(s.NotAction))
	st.resources = newFilter(s.Resource, s.NotResource)
	if variable := firstVariable(s.Resource, s.NotResource); variable != "" {
		return st, fmt.Errorf("the local cloud does not support the policy variable in %q", variable)
	}
	var err error
	if st.principals, err = parsePrincipals(s.Principal); err != nil {
		return st, err
	}
	st.conditions, err = parseConditions(s.Condition)
	return st, err
}

// newFilter returns a filter for an element or its negation. Without both, such as Resource in a trust policy, it
// matches everything.
func newFilter(positive, negative []string) filter {
	if len(positive) > 0 {
		return filter{patterns: positive}
	}
	return filter{patterns: negative, not: true}
}

func lower(patterns []string) []string {
	lowered := make([]string, len(patterns))
	for i, p := range patterns {
		lowered[i] = strings.ToLower(p)
	}
	return lowered
}

func firstVariable(lists ...list) string {
	for _, value := range slices.Concat(lists...) {
		if strings.Contains(value, "${") {
			return value
		}
	}
	return ""
}

func parsePrincipals(raw json.RawMessage) (*principals, error) {
	switch string(raw) {
	case "":
		return nil, nil
	case `"*"`:
		return &principals{aws: []string{"*"}, services: nil}, nil
	}
	var kinds struct{ AWS, Service list }
	if err := decode(raw, &kinds); err != nil {
		return nil, fmt.Errorf("the Principal must be \"*\", or an object of AWS and Service: %w", err)
	}
	return &principals{aws: kinds.AWS, services: kinds.Service}, nil
}

func parseConditions(block map[string]map[string]list) ([]condition, error) {
	var conditions []condition
	for _, operator := range slices.Sorted(maps.Keys(block)) {
		for key, values := range block[operator] {
			c, err := newCondition(operator, key, values)
			if err != nil {
				return nil, err
			}
			if variable := firstVariable(values); variable != "" {
				return nil, fmt.Errorf("the local cloud does not support the policy variable in %q", variable)
			}
			conditions = append(conditions, c)
		}
	}
	return conditions, nil
}
