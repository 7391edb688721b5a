package main

import (
	"strings"
	"testing"
)

func TestWallsHold(t *testing.T) {
	t.Chdir("../..")
	if err := walls(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestBreaches(t *testing.T) {
	const eventing = "./services/kit/eventing"
	tests := []struct {
		name    string
		path    string
		imports []string
		want    string // part of the error; empty if the imports are allowed
	}{
		{"the contract may use the standard library", "./events", []string{"encoding/json"}, ""},
		{"the contract takes no module", "./events/buoy", []string{"github.com/google/uuid"}, "standard library"},
		{"the publisher may use AWS", "./events/bus", []string{"./events", "github.com/aws/aws-sdk-go-v2/service/sns"}, ""},
		{"the publisher knows no service", "./events/bus", []string{"./services/kit/host"}, "neither services nor scripts"},
		{"a service takes no script", "./services/buoy", []string{"./scripts/cloud"}, "without the scripts"},
		{"a service takes no other service", "./services/buoy", []string{"./services/harbour/internal/berth"}, "by their events only"},
		{"the kit takes no service", "./services/kit/host", []string{"./services/harbour/internal/berth"}, "by their events only"},
		{"a service's main takes the domain and the kit", "./services/harbour", []string{"./services/harbour/internal/berth", "./services/kit/host"}, ""},
		{"invariants take what services show", "./services/invariants", []string{"./services/harbour/moorings", "./services/kit/invariant"}, ""},
		{"a service takes the kit", "./services/buoy", []string{"./services/kit/host"}, ""},
		{"a domain takes the unit of work", "./services/buoy/internal/wave", []string{eventing, "./events/harbour"}, ""},
		{"a domain takes no SDK", "./services/buoy/internal/wave", []string{eventing, "github.com/aws/aws-sdk-go-v2/aws"}, "no AWS"},
		{"a domain takes no HTTP", "./services/buoy/internal/wave", []string{eventing, "net/http"}, "no HTTP"},
		{"a driver takes HTTP", "./services/harbour/internal/api", []string{eventing, "./services/kit/web", "net/http"}, ""},
		{"HTTP needs no AWS", "./services/kit/web", []string{"github.com/aws/smithy-go"}, "need no AWS"},
		{"a script imports no service", "./scripts/local", []string{"./services/buoy"}, "import none"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(breachesOf([]pkg{{ImportPath: test.path, Imports: test.imports}}), "\n")
			if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
				t.Errorf("breaches = %q, want one that says %q", got, test.want)
			}
		})
	}
}

func TestCompareDependencies(t *testing.T) {
	known := reasons("# comment\n\nexample.com/a  because\nexample.com/b  once\n")
	tests := []struct {
		name   string
		direct []string
		want   []string
	}{
		{"as listed", []string{"example.com/a", "example.com/b"}, nil},
		{"a new one", []string{"example.com/a", "example.com/b", "example.com/c"}, []string{"example.com/c has no reason"}},
		{"one gone", []string{"example.com/a"}, []string{"example.com/b is no longer in go.mod"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			direct := map[string]bool{}
			for _, path := range test.direct {
				direct[path] = true
			}
			err := compare("list", direct, known)
			if (err == nil) != (test.want == nil) {
				t.Fatalf("compare = %v, want %v", err, test.want)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("compare = %v, want %q in it", err, want)
				}
			}
		})
	}
}
