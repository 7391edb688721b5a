//go:build terraform

package main

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

var names = topology.Names{Project: stack.Project, Env: "dev", Region: "eu-central-1", Account: "123456789012"}

// inDev are the variables, to be independent of the repository's defaults.
var inDev = []string{"environment=dev", "project=" + names.Project, "region=" + names.Region}

// TestTerraformMakesWhatTheLocalCloudWires checks that what Terraform creates from the declarations equals the
// topology that is wired locally.
func TestTerraformMakesWhatTheLocalCloudWires(t *testing.T) {
	for _, tree := range trees() {
		t.Run(tree.name, func(t *testing.T) {
			variables := inDev
			if tree.complete {
				variables = append(slices.Clone(inDev), "deployment={tracing: true}")
			}
			made := apply(t, "terraform", tree.declarations, variables...)
			declared, err := stack.Load(made.Root)
			if err != nil {
				t.Fatal(err)
			}
			want, err := declared.Topology(names, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(normal(want), normal(made.derive(names))); diff != "" {
				t.Errorf("the local cloud (-) and Terraform (+) differ:\n%s", diff)
			}
			made.checkPolicies(reasons, tree.complete)
			made.checkEncryption()
			made.checkAlarms(want)
			made.checkRunbook(want, tree.complete)
			made.checkRegistry(len(declared.Contracts))
		})
	}
}

// tree is a system to test the Terraform code with.
type tree struct {
	name         string
	declarations fs.FS
	complete     bool // it contains one of each kind, so that everything is needed
}

// trees returns the fixture, this repository's own services, and the smallest possible systems.
func trees() []tree {
	services := func(body string) fs.FS {
		return fstest.MapFS{
			"services/only/service.json":          {Data: []byte(`{"name": "only", "description": "For the test.", ` + body + `}`)},
			"events/manifest/service.schema.json": {Data: []byte(`{}`)},
		}
	}
	return []tree{
		{"fixture", fixture.FS(), true},
		{"this repository", os.DirFS(here), false},
		{"one function", services(`"runtime": "lambda"`), false},
		{"one worker", services(`"runtime": "worker"`), false},
	}
}

// TestSubscribersOfOtherEventsAreRefused checks that the plan fails for subscribers of events without a topic, which
// would never receive anything, and names these events.
func TestSubscribersOfOtherEventsAreRefused(t *testing.T) {
	w := workspaceOf(t, fixture.FS())
	_, err := w.Apply(t.Context(), "terraform", append(inDev, `subscribers={"lamp.lit.v1": {}, "no.such.v1": {}, "fog.seen.v1": {}}`)...)
	if err == nil || !strings.Contains(strings.Join(strings.Fields(err.Error()), " "), "with the channel sns: lamp.lit.v1, no.such.v1.") {
		t.Errorf("error = %v, want one that names the events", err)
	}
}
