package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"example.com/localcloud/policy"
	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// resourcePolicy defines which services may invoke a function.
type resourcePolicy struct {
	statements []statement
	parsed     policy.Document
	revision   string
}

// statement is a permission as GetPolicy returns it.
type statement struct {
	Sid       string
	Effect    string
	Principal any
	Action    string
	Resource  string
	Condition map[string]map[string]string `json:",omitempty"`
}

func (p resourcePolicy) String() string {
	text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Id": "default", "Statement": p.statements}) // strings always marshal
	return string(text)
}

// with returns a policy with the given statements and a new revision.
func (p resourcePolicy) with(statements []statement) (resourcePolicy, error) {
	p = resourcePolicy{statements: statements, revision: requestid.New()}
	if len(statements) == 0 {
		return p, nil
	}
	var err error
	p.parsed, err = policy.Parse(p.String())
	return p, err
}

// admits returns an error unless the policy allows a service to invoke the function for a source.
func (f *function) admits(service, source string) error {
	if f.policy.parsed.Allows(policy.Request{
		Principal: service, Action: "lambda:InvokeFunction", Resource: f.arn(),
		Context: map[string][]string{"aws:SourceArn": {source}, "aws:SourceAccount": {wire.Account}},
	}) {
		return nil
	}
	return &wire.Error{Code: "AccessDeniedException", Status: http.StatusForbidden, Message: fmt.Sprintf(
		"the policy of function %s does not let %s invoke it for %s: use AddPermission with Principal=%[2]s and SourceArn=%[3]s", f.name, service, source)}
}

// AddPermissionInput allows a service, an account or a role to invoke a function.
type AddPermissionInput struct {
	FunctionName  string `json:"-" path:"FunctionName"`
	StatementId   string
	Action        string
	Principal     string
	SourceArn     string
	SourceAccount string
}

func (in *AddPermissionInput) resource() string { return resourceOf(in.FunctionName) }

// AddPermissionOutput is the added statement as JSON.
type AddPermissionOutput struct{ Statement string }

// AddPermission adds a statement to a function's resource policy.
func (s *Service) AddPermission(_ context.Context, in *AddPermissionInput) (*AddPermissionOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if r, _ := parseReference(in.FunctionName); r.qualifier == latest { // recorded in LocalStack's test_permission_exceptions
		return nil, invalid("We currently do not support adding policies for $LATEST.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(in.FunctionName)
	if err != nil {
		return nil, err
	}
	for _, other := range f.policy.statements {
		if other.Sid == in.StatementId {
			return nil, conflict("The statement id (" + in.StatementId + ") provided already exists. Please provide a new statement id, or remove the existing statement.")
		}
	}
	added := in.statement(f.arn())
	changed, err := f.policy.with(append(slices.Clone(f.policy.statements), added))
	if err != nil {
		return nil, invalid("The provided principal was invalid. Please check the principal and try again. (%v)", err)
	}
	f.policy = changed
	s.keep(f)
	text, _ := json.Marshal(added) // strings always marshal
	return &AddPermissionOutput{string(text)}, nil
}

// What the members of a permission may be (API reference of AddPermission).
var (
	statementID      = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,100}$`)
	permittedAction  = regexp.MustCompile(`^(lambda:[*]|lambda:[a-zA-Z]+|[*])$`)
	permittedSource  = regexp.MustCompile(`^(arn:aws[a-zA-Z0-9-]*:[a-zA-Z0-9-]+:([a-z]{2}(-[a-z]+)+-\d)?:(\d{12})?:.*)?$`)
	permittedAccount = regexp.MustCompile(`^(\d{12})?$`)
)

func (in *AddPermissionInput) check() error {
	switch {
	case !statementID.MatchString(in.StatementId):
		return constraint("statementId", "have 1 to 100 letters, digits, - and _, not %.200q", in.StatementId)
	case !permittedAction.MatchString(in.Action):
		return constraint("action", "have the form lambda:Action, not %.200q", in.Action)
	case in.Principal == "":
		return constraint("principal", "not be null")
	case !permittedSource.MatchString(in.SourceArn):
		return constraint("sourceArn", "be an ARN, not %.200q", in.SourceArn)
	case !permittedAccount.MatchString(in.SourceAccount):
		return constraint("sourceAccount", "have 12 digits, not %.200q", in.SourceAccount)
	}
	return nil
}

func (in *AddPermissionInput) statement(arn string) statement {
	st := statement{Sid: in.StatementId, Effect: "Allow", Action: in.Action, Resource: arn, Condition: map[string]map[string]string{}}
	switch {
	case in.Principal == "*":
		st.Principal = "*"
	case strings.HasSuffix(in.Principal, ".amazonaws.com"):
		st.Principal = map[string]string{"Service": in.Principal}
	default:
		st.Principal = map[string]string{"AWS": in.Principal}
	}
	if in.SourceArn != "" {
		st.Condition["ArnLike"] = map[string]string{"AWS:SourceArn": in.SourceArn}
	}
	if in.SourceAccount != "" {
		st.Condition["StringEquals"] = map[string]string{"AWS:SourceAccount": in.SourceAccount}
	}
	return st
}

// GetPolicyOutput is a function's resource policy as JSON.
type GetPolicyOutput struct{ Policy, RevisionId string }

// GetPolicy returns the resource policy.
func (s *Service) GetPolicy(_ context.Context, in *FunctionInput) (*GetPolicyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := in.get(s)
	if err != nil {
		return nil, err
	}
	if len(f.policy.statements) == 0 {
		return nil, missing("The resource you requested does not exist.")
	}
	return &GetPolicyOutput{f.policy.String(), f.policy.revision}, nil
}

// RemovePermissionInput names a statement.
type RemovePermissionInput struct {
	FunctionName string `json:"-" path:"FunctionName"`
	StatementId  string `json:"-" path:"StatementId"`
}

func (in *RemovePermissionInput) resource() string { return resourceOf(in.FunctionName) }

// RemovePermission removes a statement from the resource policy.
func (s *Service) RemovePermission(_ context.Context, in *RemovePermissionInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(in.FunctionName)
	if err != nil {
		return nil, err
	}
	kept := []statement{} // so that an empty list is not null in JSON
	for _, st := range f.policy.statements {
		if st.Sid != in.StatementId {
			kept = append(kept, st)
		}
	}
	if len(kept) == len(f.policy.statements) {
		return nil, missing("Statement " + in.StatementId + " is not found in resource policy.")
	}
	if f.policy, err = f.policy.with(kept); err != nil {
		return nil, err
	}
	s.keep(f)
	return &Empty{}, nil
}
