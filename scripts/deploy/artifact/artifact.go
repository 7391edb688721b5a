// Package artifact builds what AWS runs from the services' source: a zip for each Lambda function, and a container
// image for each worker.
//
// The same source results in the same bytes on any machine with the same Go version: no path, time or user is
// included. Terraform compares hashes, so it only sees real changes, and a deployed artifact can be rebuilt and
// compared.
package artifact

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/events/manifest"
)

// platform is the platform of all artifacts: Graviton costs a fifth less than x86.
const platform = "linux-arm64"

// Builder builds the services of a checkout.
type Builder struct {
	Root string // the repository
	Dir  string // folder for artifacts, usually Root/bin
}

// Artifact is the artifact of a service.
type Artifact struct {
	Service string
	File    string // the zip, or the folder with the image in the OCI layout
	Size    int64  // bytes to upload
	Digest  string // "sha256:…" of the zip, or of the image's manifest
}

// Build brings the artifacts of services up to date and returns them in the given order. If the source doesn't
// compile, it returns a *build.CompileError.
func (b Builder) Build(ctx context.Context, services []*manifest.Manifest) ([]Artifact, error) {
	if err := b.compile(ctx, services); err != nil {
		return nil, err
	}
	artifacts := make([]Artifact, len(services))
	group, _ := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, m := range services {
		group.Go(func() (err error) {
			pack := b.zip
			if m.Runtime == manifest.Worker {
				pack = b.image
			}
			if artifacts[i], err = pack(m.Name); err != nil {
				return fmt.Errorf("pack %s: %w", m.Name, err)
			}
			return nil
		})
	}
	return artifacts, group.Wait()
}

// Image returns the folder with a worker's image in the OCI layout.
func (b Builder) Image(service string) string { return filepath.Join(b.Dir, service+".oci") }

// DigestFile returns the file with the digest of a worker's image, which Terraform reads.
func (b Builder) DigestFile(service string) string { return filepath.Join(b.Dir, service+".digest") }

func (b Builder) binary(service string) string { return filepath.Join(b.Dir, platform, service) }

// replace writes a file atomically.
func replace(file string, content []byte) error {
	if err := os.WriteFile(file+".new", content, 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
