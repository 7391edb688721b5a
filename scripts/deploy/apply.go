package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/scripts/internal/cli"
)

// guard refuses a plan that AWS would stop halfway.
func (d *deployment) guard(p *plan) error {
	var guarded []string
	for _, c := range p.changes {
		if c.guarded && (c.kind == destroy || c.kind == replace) {
			guarded = append(guarded, c.part+" "+c.resource)
		}
	}
	if len(guarded) == 0 {
		return nil
	}
	return cli.Refuse("these are protected from being destroyed: %v\n\"Destroy one\" in terraform/README.md says how to remove the protection", guarded)
}

// apply applies a plan and shows its progress.
func (d *deployment) apply(ctx context.Context, actions int, options ...tfexec.ApplyOption) error {
	fmt.Fprintln(d.Out)
	p := &progress{out: d.Out, total: actions}
	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(told)
		p.println("interrupted: Terraform completes running operations and writes its state …")
	})
	err := d.terraform.ApplyJSON(d.signals(ctx), p, append(options, tfexec.LockTimeout(lockPatience))...)
	if !stop() {
		<-told
	}
	d.terraform.SetStdout(nil) // ApplyJSON leaves its own writer set
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("the state has what was done: deploy again to continue%s", p.problems())
	case err != nil:
		return fmt.Errorf("apply: %w%s", err, p.problems())
	}
	return nil
}
