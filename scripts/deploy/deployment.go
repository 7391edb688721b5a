package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/deploy/artifact"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
)

// deployment is one run of the command.
type deployment struct {
	options
	cli.Terminal
	root       string
	declared   *stack.Declared
	services   []*manifest.Manifest // the selected ones
	smokeStory *stories.Story       // to play afterwards; nil means none
	terraform  *tfexec.Terraform
	cfg        aws.Config // with the environment's region, once it is known
	account    string
}

// selected returns the services that the command line selects.
func (d *deployment) selected() ([]*manifest.Manifest, error) {
	if d.service == "" {
		return d.declared.Manifests, nil
	}
	for _, m := range d.declared.Manifests {
		if m.Name == d.service {
			return []*manifest.Manifest{m}, nil
		}
	}
	return nil, cli.Refuse("there is no service %s: one of %v", d.service, d.declared.Services())
}

func (d *deployment) builder() artifact.Builder {
	return artifact.Builder{Root: d.root, Dir: filepath.Join(d.root, "bin")}
}

// build builds the artifacts and lists them.
func (d *deployment) build(ctx context.Context) error {
	artifacts, err := d.builder().Build(ctx, d.services)
	if err != nil {
		return err
	}
	for _, a := range artifacts {
		file, err := filepath.Rel(d.root, a.File)
		if err != nil {
			return err
		}
		fmt.Fprintf(d.Out, "%-28s %6.1f MB  %s\n", file, float64(a.Size)/1e6, a.Digest[:len("sha256:")+12])
	}
	return nil
}

// deploy builds, plans and, once confirmed, applies.
func (d *deployment) deploy(ctx context.Context) error {
	if err := d.check(ctx); err != nil {
		return err
	}
	if err := d.build(ctx); err != nil {
		return err
	}
	if err := d.initialise(ctx); err != nil {
		return err
	}
	p, err := d.plan(ctx)
	if err != nil {
		return err
	}
	defer func() { p.Close() }() // p may be replaced meanwhile
	d.summarise(p)
	d.sayConcurrency(ctx, p)
	if d.command == "plan" || p.empty() {
		return nil
	}
	if err := d.guard(p); err != nil {
		return err
	}
	if err := d.confirm("Deploy this to "+d.env+"?", p.protected()); err != nil {
		return err
	}
	if p, err = d.ship(ctx, p); err != nil {
		return err
	}
	if err := d.apply(ctx, p.actions(), tfexec.DirOrPlan(p.file)); err != nil {
		return err
	}
	return d.follow(ctx)
}

// follow prints where the environment is, and plays a story on it.
func (d *deployment) follow(ctx context.Context) error {
	out, err := d.outputs(ctx)
	if err != nil {
		return err
	}
	d.printOutputs(out)
	if err := d.rollOut(ctx, out, usualPace); err != nil {
		return err
	}
	if d.noSmoke {
		return nil
	}
	cfg := d.cfg.Copy()
	cfg.Region = out.Region
	return d.smoke(ctx, out.Target(cfg, d.declared), usualPace)
}
