package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/events/manifest"
)

// ship pushes the workers' images, so that they exist before a task needs them. If a repository is new, it creates
// that first, and returns a new plan for the rest.
func (d *deployment) ship(ctx context.Context, p *plan) (*plan, error) {
	var targets []tfexec.ApplyOption
	for _, service := range d.workers() {
		if p.repository(service) == "" {
			targets = append(targets, tfexec.Target(repository(service)))
		}
	}
	if len(targets) > 0 {
		fmt.Fprintln(d.Out, "\ncreating the repositories for the workers' images first:")
		if err := d.apply(ctx, len(targets), append(targets, tfexec.VarFile(d.variables()))...); err != nil {
			return p, err
		}
		next, err := d.plan(ctx)
		if err != nil {
			return p, err
		}
		p.Close()
		p = next
	}
	for _, service := range d.workers() {
		if err := d.push(ctx, service, p.repository(service)); err != nil {
			return p, fmt.Errorf("push the image of %s: %w", service, err)
		}
	}
	return p, nil
}

func (d *deployment) workers() (names []string) {
	for _, m := range d.services {
		if m.Runtime == manifest.Worker {
			names = append(names, m.Name)
		}
	}
	return names
}

func repository(service string) string { return module(service) + ".aws_ecr_repository.this[0]" }

// repository returns the URL of a worker's image repository, or "" if it doesn't exist yet.
func (p *plan) repository(service string) string {
	for _, r := range p.ResourceChanges {
		if after, ok := r.Change.After.(map[string]any); ok && r.Address == repository(service) {
			known, _ := after["repository_url"].(string)
			return known
		}
	}
	return ""
}
