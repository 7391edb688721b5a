package lambda

import (
	"context"
	"net/http"

	"example.com/localcloud/wire"
)

// Configuration describes a function.
type Configuration struct {
	FunctionName string
	FunctionArn  string
	Settings
	CodeSize         int
	CodeSha256       string
	LastModified     string
	Version          string
	RevisionId       string
	State            string
	LastUpdateStatus string
	PackageType      string
	Architectures    []string
}

func (f *function) configuration() *Configuration {
	return &Configuration{
		FunctionName: f.name, FunctionArn: f.arn(), Settings: f.settings,
		CodeSize: f.code.size, CodeSha256: f.code.digest,
		LastModified: f.modified.UTC().Format("2006-01-02T15:04:05.000+0000"),
		Version:      latest, RevisionId: f.revision,
		State: "Active", LastUpdateStatus: "Successful",
		PackageType: "Zip", Architectures: []string{f.architecture},
	}
}

// GetFunctionOutput describes a function, its code, concurrency and tags.
type GetFunctionOutput struct {
	Configuration *Configuration
	Code          CodeLocation
	Concurrency   *Concurrency      `json:",omitempty"`
	Tags          map[string]string `json:",omitempty"`
}

// CodeLocation is a directory of this machine with a function's code.
type CodeLocation struct{ RepositoryType, Location string }

// GetFunction describes a function with its code, concurrency and tags.
func (s *Service) GetFunction(_ context.Context, in *FunctionInput) (*GetFunctionOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := in.get(s)
	if err != nil {
		return nil, err
	}
	out := &GetFunctionOutput{Configuration: f.configuration(), Code: CodeLocation{"Local", "file://" + f.code.directory}, Tags: f.tags}
	if f.reserved != nil {
		out.Concurrency = &Concurrency{f.reserved}
	}
	return out, nil
}

// GetFunctionConfiguration describes a function.
func (s *Service) GetFunctionConfiguration(_ context.Context, in *FunctionInput) (*Configuration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := in.get(s)
	if err != nil {
		return nil, err
	}
	return f.configuration(), nil
}

// UpdateFunctionConfigurationInput changes the members that are present.
type UpdateFunctionConfigurationInput struct {
	FunctionName string `json:"-" path:"FunctionName"`
	Settings
	RevisionId string
}

func (in *UpdateFunctionConfigurationInput) resource() string {
	return resourceOf(in.FunctionName)
}

// UpdateFunctionConfiguration changes settings. Later invocations run in new environments.
func (s *Service) UpdateFunctionConfiguration(_ context.Context, in *UpdateFunctionConfigurationInput) (*Configuration, error) {
	if in.Role != "" {
		if err := s.checkRole(in.Role); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.revision(in.FunctionName, in.RevisionId)
	if err != nil {
		return nil, err
	}
	settings := f.settings.with(in.Settings)
	if err := settings.check(); err != nil {
		return nil, err
	}
	f.settings = settings
	f.touch(s)
	return f.configuration(), nil
}

// UpdateFunctionCodeInput contains a new deployment package.
type UpdateFunctionCodeInput struct {
	FunctionName  string `json:"-" path:"FunctionName"`
	ZipFile       []byte
	Architectures []string
	RevisionId    string
	DryRun        bool
	Publish       bool
}

func (in *UpdateFunctionCodeInput) resource() string { return resourceOf(in.FunctionName) }

// UpdateFunctionCode replaces a function's code. Later invocations run the new code; invocations in progress finish
// with the old one.
func (s *Service) UpdateFunctionCode(_ context.Context, in *UpdateFunctionCodeInput) (*Configuration, error) {
	if in.Publish {
		return nil, invalid("the local cloud supports no version but %s: omit Publish", latest)
	}
	if err := checkArchitectures(in.Architectures); err != nil {
		return nil, err
	}
	c, err := s.newCode(in.ZipFile)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.revision(in.FunctionName, in.RevisionId)
	if err != nil || in.DryRun {
		c.release()
		if err != nil {
			return nil, err
		}
		return f.configuration(), nil
	}
	old := f.code
	f.code = c
	if len(in.Architectures) > 0 {
		f.architecture = in.Architectures[0]
	}
	f.touch(s)
	old.release()
	return f.configuration(), nil
}

// revision returns a function. It fails if expected isn't empty and differs from the function's revision. The caller
// holds the mutex.
func (s *Service) revision(name, expected string) (*function, error) {
	f, err := s.find(name)
	if err != nil {
		return nil, err
	}
	if expected != "" && expected != f.revision {
		return nil, &wire.Error{Code: "PreconditionFailedException", Status: http.StatusPreconditionFailed,
			Message: "The RevisionId provided is not the latest one: get the function again"}
	}
	return f, nil
}
