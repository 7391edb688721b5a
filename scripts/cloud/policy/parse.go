package policy

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// list is a JSON string or a list of strings. Booleans and numbers are converted to strings.
type list []string

// UnmarshalJSONFrom decodes a string or a list.
func (l *list) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*l = list{}
	if d.PeekKind() != '[' {
		return l.add(d)
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		if err := l.add(d); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (l *list) add(d *jsontext.Decoder) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch kind := token.Kind(); kind {
	case '"', '0', 't', 'f':
		*l = append(*l, token.String())
		return nil
	default:
		return fmt.Errorf("an element must be a string, not %s", kind)
	}
}

type document struct {
	Version   string
	ID        string `json:"Id"`
	Statement jsontext.Value
}

type source struct {
	SID         string `json:"Sid"`
	Effect      string
	Principal   jsontext.Value
	Action      list
	NotAction   list
	Resource    list
	NotResource list
	Condition   map[string]map[string]list
}

// Parse parses the policy of a resource, such as a queue, whose statements have principals and resources. Its errors
// name the invalid statement.
func Parse(text string) (Document, error) {
	return parse(text, func(s source) error { return errors.Join(s.needsPrincipal(), s.needsResource()) })
}

// ParseIdentity parses the policy of a role, which has resources but no principal.
func ParseIdentity(text string) (Document, error) {
	return parse(text, func(s source) error {
		if len(s.Principal) > 0 {
			return errors.New("an identity policy has no Principal")
		}
		return errors.Join(s.needsResource(), s.checkSID())
	})
}

// ParseTrust parses the trust policy of a role. The role itself is its resource.
func ParseTrust(text string) (Document, error) {
	return parse(text, func(s source) error {
		if len(s.Resource)+len(s.NotResource) > 0 {
			return errors.New("a trust policy has no Resource")
		}
		for _, action := range slices.Concat(s.Action, s.NotAction) {
			if vendor, _, _ := strings.Cut(action, ":"); !strings.EqualFold(vendor, "sts") {
				return fmt.Errorf("the actions of a trust policy are those of STS, such as sts:AssumeRole, not %q", action)
			}
		}
		return errors.Join(s.needsPrincipal(), s.checkSID())
	})
}

func (s source) needsPrincipal() error {
	if len(s.Principal) == 0 {
		return errors.New("the Principal is missing")
	}
	return nil
}

func (s source) needsResource() error {
	if len(s.Resource)+len(s.NotResource) == 0 {
		return errors.New("a Resource or NotResource is missing")
	}
	return nil
}

// iamSID is what IAM allows as an id; other services also allow more (IAM user guide, "IAM JSON policy elements: Sid").
var iamSID = regexp.MustCompile(`^[a-zA-Z0-9]*$`)

func (s source) checkSID() error {
	if !iamSID.MatchString(s.SID) {
		return fmt.Errorf("the Sid %q must have letters and digits only", s.SID)
	}
	return nil
}

// parse parses a document and checks each statement with kind.
func parse(text string, kind func(source) error) (Document, error) {
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
	ids := map[string]bool{}
	for i, s := range sources {
		st, err := s.statement()
		if err == nil {
			err = kind(s)
		}
		if err == nil && s.SID != "" && ids[s.SID] {
			err = fmt.Errorf("another statement has the Sid %q too", s.SID)
		}
		if err != nil {
			return Document{}, fmt.Errorf("policy document: statement %d: %w", i+1, err)
		}
		ids[s.SID] = true
		parsed.statements = append(parsed.statements, st)
	}
	return parsed, nil
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
	if len(sources) == 0 {
		return nil, errors.New("policy document: it has no statement")
	}
	return sources, nil
}

// decode rejects unknown members, those with other capital letters, repeated ones and trailing data.
func decode(raw []byte, into any) error {
	return json.Unmarshal(raw, into, json.RejectUnknownMembers(true))
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
	if variable := firstVariable(s.Resource, s.NotResource); variable != "" {
		return st, fmt.Errorf("the local cloud does not support the policy variable in %q", variable)
	}
	for _, action := range slices.Concat(s.Action, s.NotAction) {
		if err := checkAction(action); err != nil {
			return st, err
		}
	}
	st.actions = newFilter(lower(s.Action), lower(s.NotAction))
	var err error
	if st.resources, err = s.resources(); err != nil {
		return st, err
	}
	if st.principals, err = parsePrincipals(s.Principal); err != nil {
		return st, err
	}
	st.conditions, err = parseConditions(s.Condition)
	return st, err
}

// actionName is a service and an action of it. IAM doesn't check that either exists.
var actionName = regexp.MustCompile(`^[a-zA-Z0-9.-]+:[^:]+$`)

func checkAction(action string) error {
	if action == "*" || action == "*:*" || actionName.MatchString(action) {
		return nil
	}
	return fmt.Errorf("an action must be * or have the form service:Action, but is %q", action)
}

func (s source) resources() (filter, error) {
	f := newFilter(slices.Clone(s.Resource), slices.Clone(s.NotResource))
	for i, pattern := range f.patterns {
		full, err := resourcePattern(pattern)
		if err != nil {
			return f, err
		}
		f.patterns[i] = full
	}
	return f, nil
}

var vendor = regexp.MustCompile(`^[a-z0-9-]+$`)

// resourcePattern checks a resource, which is * or an ARN. Like IAM, it completes an ARN that ends after the service or
// the region with wildcards (recorded in moto's tests of IAM policies, as are the errors).
func resourcePattern(pattern string) (string, error) {
	if pattern == "*" {
		return pattern, nil
	}
	parts := strings.SplitN(pattern, ":", 6)
	switch {
	case parts[0] != "arn" || len(parts) < 3 || len(parts) == 5:
		return "", fmt.Errorf("a resource must be * or an ARN, but is %q", pattern)
	case parts[1] != "aws":
		return "", fmt.Errorf("the partition of the resource %q must be aws", pattern)
	case !vendor.MatchString(parts[2]):
		return "", fmt.Errorf("the resource %q must name its service", pattern)
	}
	for len(parts) < 6 {
		parts = append(parts, "*")
	}
	return strings.Join(parts, ":"), nil
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

func parsePrincipals(raw jsontext.Value) (*principals, error) {
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
	for _, p := range kinds.AWS {
		if !awsPrincipal.MatchString(p) {
			return nil, fmt.Errorf("the principal %q must be *, an account, or the ARN of an account's root, a user, a role or a session", p)
		}
	}
	for _, p := range kinds.Service {
		if !servicePrincipal.MatchString(p) {
			return nil, fmt.Errorf("the principal %q is no AWS service, such as events.amazonaws.com", p)
		}
	}
	if len(kinds.AWS)+len(kinds.Service) == 0 {
		return nil, errors.New("the Principal is empty")
	}
	return &principals{aws: kinds.AWS, services: kinds.Service}, nil
}

// What a principal may be (IAM user guide, "AWS JSON policy elements: Principal"). It has no wildcards, except that * is
// everybody.
var (
	awsPrincipal     = regexp.MustCompile(`^(\*|\d{12}|arn:aws[a-z-]*:iam::\d{12}:(root|(user|role)/[^*?]+)|arn:aws[a-z-]*:sts::\d{12}:(assumed-role/[^*?/]+|federated-user)/[^*?/]+)$`)
	servicePrincipal = regexp.MustCompile(`^[a-z0-9.-]+\.amazonaws\.com$`)
)

func parseConditions(block map[string]map[string]list) ([]condition, error) {
	var conditions []condition
	for _, name := range slices.Sorted(maps.Keys(block)) {
		operator, err := newCondition(name)
		if err != nil {
			return nil, err
		}
		if block[name] == nil {
			return nil, fmt.Errorf("the condition %s is null", name)
		}
		for _, key := range slices.Sorted(maps.Keys(block[name])) {
			values := block[name][key]
			if variable := firstVariable(values); variable != "" {
				return nil, fmt.Errorf("the local cloud does not support the policy variable in %q", variable)
			}
			c, err := operator.on(key, values)
			if err != nil {
				return nil, err
			}
			conditions = append(conditions, c)
		}
	}
	return conditions, nil
}
