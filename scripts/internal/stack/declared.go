package stack

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/topology"
)

// Project and Env are the prefix of the names of all local resources.
const (
	Project = "troupe"
	Env     = "local"
)

// Declared is what a checkout declares: its events' contracts and its services' manifests.
type Declared struct {
	Root      string
	Contracts []schema.Event
	Manifests []*manifest.Manifest
}

// Load reads the contracts and manifests of a checkout.
func Load(root string) (*Declared, error) {
	contracts, err := schema.Load(os.DirFS(filepath.Join(root, "events")))
	if err != nil {
		return nil, fmt.Errorf("read contracts: events/%w", err)
	}
	manifests, err := manifest.Load(os.DirFS(root))
	if err != nil {
		return nil, err
	}
	return &Declared{Root: root, Contracts: contracts, Manifests: manifests}, nil
}

// Services returns the names of all services, sorted.
func (d *Declared) Services() []string {
	names := make([]string, len(d.Manifests))
	for i, m := range d.Manifests {
		names[i] = m.Name
	}
	return names
}

// Has returns an error for the first of the named services that is not declared.
func (d *Declared) Has(services ...string) error {
	for _, name := range services {
		if known := d.Services(); !slices.Contains(known, name) {
			return fmt.Errorf("there is no service %q (there are %s)%s", name, strings.Join(known, ", "), schema.Nearest(name, known))
		}
	}
	return nil
}

// Topology derives the resources. The variables in environment, by service, override those of the topology.
func (d *Declared) Topology(names topology.Names, environment map[string]map[string]string) (*topology.Topology, error) {
	t, err := topology.New(d.Contracts, d.Manifests, names)
	if err != nil {
		return nil, err
	}
	for _, s := range t.Services {
		maps.Copy(s.Environment, environment[s.Name])
	}
	return t, nil
}

// Local derives the resources of a local run, in which stand-ins take the place of secrets.
func (d *Declared) Local(names topology.Names, environment map[string]map[string]string) (*topology.Topology, error) {
	variables := map[string]map[string]string{}
	for _, m := range d.Manifests {
		variables[m.Name] = map[string]string{}
		maps.Copy(variables[m.Name], m.Secrets)
		maps.Copy(variables[m.Name], environment[m.Name])
	}
	return d.Topology(names, variables)
}

// Root returns the root of the checkout that contains folder: the nearest folder with go.mod and services.
func Root(folder string) (string, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	for at := folder; ; at = filepath.Dir(at) {
		_, module := os.Stat(filepath.Join(at, "go.mod"))
		_, services := os.Stat(filepath.Join(at, "services"))
		if module == nil && services == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not inside a checkout of Troupe: no folder above it contains both go.mod and services", folder)
		}
	}
}
