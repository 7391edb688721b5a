package stack

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/topology"
)

// Project begins the names of all resources, and Env is what comes next for those on this machine.
const (
	Project = "troupe"
	Env     = "local"
)

// Declared is what a checkout says about itself.
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

// Topology derives the resources. Variables in environment, by service, come before
// those that the topology gives.
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

// Root finds the checkout that a folder is in: the folder with go.mod and services.
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
			return "", fmt.Errorf("%s is not inside of a checkout of Troupe: there is no folder with go.mod and services above it", folder)
		}
	}
}
