// Package stage lets the simulation, which lies among the services, build what they stand on as
// the local stack does: from the same declarations, by the same calls.
package stage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/wiring"
)

// Service is what a wired service is started with.
type Service = wiring.Service

// Topology is what services need of AWS.
type Topology = topology.Topology

// Load derives what the named services of a checkout need.
func Load(root string, names topology.Names, services ...string) (*Topology, error) {
	contracts, err := schema.Load(os.DirFS(filepath.Join(root, "events")))
	if err != nil {
		return nil, fmt.Errorf("read contracts: events/%w", err)
	}
	manifests, err := manifest.Load(os.DirFS(root))
	if err != nil {
		return nil, err
	}
	manifests = slices.DeleteFunc(manifests, func(m *manifest.Manifest) bool { return !slices.Contains(services, m.Name) })
	return topology.New(contracts, manifests, names)
}

// Names are what the names of a topology's resources are made of.
type Names = topology.Names

// Wire makes a topology at the endpoint of a configuration, for services that run as workers, and
// returns what to start each with.
func Wire(ctx context.Context, cfg aws.Config, t *Topology) (map[string]Service, error) {
	wirer := wiring.New(cfg)
	wirer.WorkersOnly = true
	wired, err := wirer.Wire(ctx, t)
	if err != nil {
		return nil, err
	}
	return wired.Services, nil
}
