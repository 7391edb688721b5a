//go:build terraform

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"example.com/troupe/scripts/terraform/workspace"
)

// here is the root of the repository.
const here = "../.."

// workspaceOf returns a copy of the repository's Terraform code with other declarations. It needs a provider that can
// apply without an account.
func workspaceOf(t *testing.T, declarations fs.FS) *workspace.Workspace {
	t.Helper()
	root, err := filepath.Abs(here)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := workspace.Find(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if !provider.Offline {
		t.Skip("the real provider can't apply without an account")
	}
	w, err := workspace.New(root, declarations, t.TempDir(), provider)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// apply applies a folder of such a copy.
func apply(t *testing.T, folder string, declarations fs.FS, variables ...string) state {
	t.Helper()
	w := workspaceOf(t, declarations)
	applied, err := w.Apply(t.Context(), folder, variables...)
	if err != nil {
		t.Fatal(err)
	}
	return state{t, w, resources(applied.Values.RootModule)}
}

// state is the state after an apply.
type state struct {
	*testing.T
	*workspace.Workspace
	all []*tfjson.StateResource
}

func resources(module *tfjson.StateModule) []*tfjson.StateResource {
	all := slices.Clone(module.Resources)
	for _, child := range module.ChildModules {
		all = append(all, resources(child)...)
	}
	return all
}

// of returns the resources of a type whose address begins with a prefix, such as "module.service[\"harbour\"]." for a
// service.
func (s state) of(place, kind string) []resource {
	var found []resource
	for _, r := range s.all {
		if r.Mode == tfjson.ManagedResourceMode && r.Type == kind && strings.HasPrefix(r.Address, place) {
			found = append(found, resource{s.T, r})
		}
	}
	return found
}

// one returns the only resource of a type and name, or nil.
func (s state) one(place, kind, name string) *resource {
	s.Helper()
	var found *resource
	for _, r := range s.of(place, kind) {
		if r.Name == name {
			if found != nil {
				s.Fatalf("there are several %s of %s", name, place)
			}
			found = &r
		}
	}
	return found
}

// at returns the resource of a type and name that has an index, as fmt writes it.
func (s state) at(place, kind, name string, index any) *resource {
	s.Helper()
	for _, r := range s.of(place, kind) {
		if r.Name == name && fmt.Sprint(r.Index) == fmt.Sprint(index) {
			return &r
		}
	}
	s.Fatalf("there is no %s.%s[%v]", kind, name, index)
	return nil
}

// resource is one of them; the type conversions of its methods fail the test where they fail.
type resource struct {
	t *testing.T
	*tfjson.StateResource
}

func (r *resource) text(attribute string) string {
	text, _ := r.AttributeValues[attribute].(string) // null becomes ""
	return text
}

func (r *resource) number(attribute string) int {
	r.t.Helper()
	number, err := r.AttributeValues[attribute].(json.Number).Int64()
	if err != nil {
		r.t.Fatalf("%s of %s: %v", attribute, r.Address, err)
	}
	return int(number)
}

func (r *resource) flag(attribute string) bool {
	flag, _ := r.AttributeValues[attribute].(bool)
	return flag
}

// block returns a nested block.
func (r *resource) block(name string) *resource {
	r.t.Helper()
	blocks, _ := r.AttributeValues[name].([]any)
	if len(blocks) != 1 {
		r.t.Fatalf("%s has %d blocks of %s", r.Address, len(blocks), name)
	}
	nested := *r.StateResource
	nested.AttributeValues = blocks[0].(map[string]any)
	return &resource{r.t, &nested}
}

func (r *resource) list(attribute string) []string {
	var list []string
	values, _ := r.AttributeValues[attribute].([]any)
	for _, v := range values {
		list = append(list, fmt.Sprint(v))
	}
	return list
}

func (r *resource) decode(attribute string, value any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.text(attribute)), value); err != nil {
		r.t.Fatalf("%s of %s: %v", attribute, r.Address, err)
	}
}
