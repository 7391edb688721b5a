package lambda

import (
	"fmt"
	"net/http"
	"regexp"

	"example.com/localcloud/wire"
)

// referencePattern is what the API allows as the name of a function: a name, an ARN, or a part of one, with or without a
// qualifier (API reference of Invoke). Its groups are region, account, name and qualifier.
var referencePattern = regexp.MustCompile(`^(?:arn:(?:aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(?:-[a-z]+)+-\d:)?(\d{12}:)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$`)

// reference is a function as a request names it.
type reference struct{ name, qualifier string }

// parseReference parses the name of a function. A function of another region or account is not found: the error for
// regions was recorded in LocalStack's tests of Lambda (test_get_function_wrong_region, as the others in
// test_function_name_and_qualifier_validation), that for accounts is what a missing permission gives.
func parseReference(text string) (reference, error) {
	parts := referencePattern.FindStringSubmatch(text)
	if parts == nil {
		return reference{}, constraint("functionName", "be the name or the ARN of a function, not %.300q", text)
	}
	if region := parts[1]; region != "" && region != wire.Region+":" {
		return reference{}, missing(fmt.Sprintf("Functions from '%s' are not reachable in this region ('%s')", region[:len(region)-1], wire.Region))
	}
	if account := parts[2]; account != "" && account != wire.Account+":" {
		return reference{}, &wire.Error{Code: "AccessDeniedException", Status: http.StatusForbidden, Message: fmt.Sprintf(
			"no resource-based policy allows access to %s: the local cloud has no account but %s", text, wire.Account)}
	}
	return reference{parts[3], parts[4]}, nil
}

// arn returns the function's ARN with its qualifier.
func (r reference) arn() string {
	if r.qualifier == "" || r.qualifier == latest {
		return arnOf(r.name)
	}
	return arnOf(r.name) + ":" + r.qualifier
}

// resourceOf returns the ARN that a permission for a function must cover. What doesn't name one, no permission covers,
// except one for all.
func resourceOf(text string) string {
	r, err := parseReference(text)
	if err != nil {
		return text
	}
	return r.arn()
}

// with returns the reference with the qualifier that a request gives apart from the name.
func (r reference) with(qualifier string) (reference, error) {
	if qualifier != "" && r.qualifier != "" && qualifier != r.qualifier {
		return r, invalid("The derived qualifier from the function name does not match the specified qualifier.")
	}
	if qualifier != "" {
		r.qualifier = qualifier
	}
	return r, nil
}

// find returns a function, whose only version is $LATEST. The caller holds the mutex.
func (s *Service) find(text string) (*function, error) { return s.version(text, "") }

// version returns a function if the qualifier is of its only version. The caller holds the mutex.
func (s *Service) version(text, qualifier string) (*function, error) {
	r, err := parseReference(text)
	if err == nil {
		r, err = r.with(qualifier)
	}
	if err != nil {
		return nil, err
	}
	f := s.functions[r.name]
	if f == nil || r.qualifier != "" && r.qualifier != latest {
		return nil, missing("Function not found: " + r.arn())
	}
	return f, nil
}
