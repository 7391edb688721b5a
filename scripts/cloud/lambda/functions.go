package lambda

import (
	"context"
	"maps"
	"regexp"
	"slices"
)

var functionName = regexp.MustCompile(`^[a-zA-Z0-9-_]{1,64}$`)

// CreateFunctionInput describes a new function and its deployment package.
type CreateFunctionInput struct {
	FunctionName string
	Settings
	Code          FunctionCode
	PackageType   string // Zip
	Architectures []string
	Tags          map[string]string
	Publish       bool
}

func (in *CreateFunctionInput) resource() string { return resourceOf(in.FunctionName) }

// FunctionCode is a deployment package: a zip file that contains a bootstrap.
type FunctionCode struct{ ZipFile []byte }

// CreateFunction creates a function, which is active at once. Its code runs on this machine's architecture, whatever
// Architectures says.
func (s *Service) CreateFunction(_ context.Context, in *CreateFunctionInput) (*Configuration, error) {
	r, err := parseReference(in.FunctionName)
	if err != nil {
		return nil, err
	}
	name := r.name
	settings := defaults(name).with(in.Settings)
	if err := in.check(r, settings); err != nil {
		return nil, err
	}
	if err := s.checkRole(settings.Role); err != nil {
		return nil, err
	}
	c, err := s.newCode(in.Code.ZipFile)
	if err != nil {
		return nil, err
	}
	f := &function{name: name, settings: settings, code: c, tags: in.Tags, architecture: architectures[0]}
	if len(in.Architectures) > 0 {
		f.architecture = in.Architectures[0]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.functions[name] != nil || s.closed {
		c.release()
		return nil, conflict("Function already exist: " + name)
	}
	f.touch(s)
	s.functions[name] = f
	return f.configuration(), nil
}

func (in *CreateFunctionInput) check(r reference, settings Settings) error {
	switch {
	case !functionName.MatchString(r.name) || r.qualifier != "":
		return invalid("functionName must have 1 to 64 letters, digits, - and _, but is %.100q", in.FunctionName)
	case in.PackageType != "" && in.PackageType != "Zip":
		return invalid("the local cloud runs functions of package type Zip, not %q", in.PackageType)
	case in.Publish:
		return invalid("the local cloud supports no version but %s: omit Publish", latest)
	}
	if err := checkArchitectures(in.Architectures); err != nil {
		return err
	}
	return settings.check()
}

var architectures = []string{"x86_64", "arm64"}

func checkArchitectures(list []string) error {
	if len(list) > 1 || len(list) == 1 && !slices.Contains(architectures, list[0]) {
		return invalid("architectures must be one of x86_64 and arm64, not %q", list)
	}
	return nil
}

// checkRole checks that Lambda may assume the role.
func (s *Service) checkRole(role string) error {
	credentials, err := s.IAM.Issue("lambda.amazonaws.com", role, "check")
	if err != nil {
		return invalid("The role defined for the function cannot be assumed by Lambda. (%v)", err)
	}
	s.IAM.Revoke(credentials)
	return nil
}

// FunctionInput names a function.
type FunctionInput struct {
	FunctionName string `json:"-" path:"FunctionName"`
	Qualifier    string `json:"-" query:"Qualifier"`
}

func (in *FunctionInput) resource() string { return resourceOf(in.FunctionName) }

// get returns the function. The caller holds the service's mutex.
func (in *FunctionInput) get(s *Service) (*function, error) {
	return s.version(in.FunctionName, in.Qualifier)
}

// DeleteFunction deletes a function. Invocations in progress finish.
func (s *Service) DeleteFunction(_ context.Context, in *FunctionInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := in.get(s)
	if err != nil {
		return nil, err
	}
	if r, _ := parseReference(in.FunctionName); in.Qualifier != "" || r.qualifier != "" { // recorded in LocalStack's test_ops_with_arn_qualifier_mismatch
		return nil, invalid("$LATEST version cannot be deleted without deleting the function.")
	}
	delete(s.functions, f.name)
	s.journal.Delete(kindFunction, f.name)
	f.code.release()
	s.launchLocked(f.pool.retire)
	return &Empty{}, nil
}

// ListFunctionsInput selects all functions, which fit on one page.
type ListFunctionsInput struct {
	MaxItems        int    `json:"-" query:"MaxItems"`
	Marker          string `json:"-" query:"Marker"`
	FunctionVersion string `json:"-" query:"FunctionVersion"`
}

func (in *ListFunctionsInput) resource() string { return "*" }

// ListFunctionsOutput holds all functions, in order of name.
type ListFunctionsOutput struct{ Functions []*Configuration }

// firstPage refuses a marker, because there is only one page, so none was issued, and an invalid size of the page.
func firstPage(marker string, size int) error {
	if marker != "" {
		return invalid("Invalid marker: %.200q", marker)
	}
	if size < 0 || size > maxPage {
		return constraint("maxItems", "be 1 to %d, not %d", maxPage, size)
	}
	return nil
}

// maxPage is the most items that a request can ask for (API reference of ListFunctions).
const maxPage = 10000

// ListFunctions lists the functions.
func (s *Service) ListFunctions(_ context.Context, in *ListFunctionsInput) (*ListFunctionsOutput, error) {
	if in.FunctionVersion != "" && in.FunctionVersion != "ALL" {
		return nil, constraint("functionVersion", "be ALL, not %.100q", in.FunctionVersion)
	}
	if err := firstPage(in.Marker, in.MaxItems); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListFunctionsOutput{Functions: []*Configuration{}}
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		out.Functions = append(out.Functions, s.functions[name].configuration())
	}
	return out, nil
}
