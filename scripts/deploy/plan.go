package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"

	"example.com/troupe/scripts/internal/cli"
)

// plan is a Terraform plan.
type plan struct {
	*tfjson.Plan
	file    string
	changes []change
}

func (p *plan) empty() bool { return len(p.changes) == 0 && !p.outputsChange() }

// actions returns the number of actions; a replacement counts as two.
func (p *plan) actions() int {
	n := len(p.changes)
	for _, c := range p.changes {
		if c.kind == replace {
			n++
		}
	}
	return n
}

func (p *plan) outputsChange() bool {
	for _, change := range p.OutputChanges {
		if !change.Actions.NoOp() {
			return true
		}
	}
	return false
}

// lockPatience is how long somebody else's deploy is waited for.
const lockPatience = "5m"

// plan makes a plan, of what is targeted where anything is. It must be closed.
func (d *deployment) plan(ctx context.Context, options ...tfexec.PlanOption) (_ *plan, err error) {
	folder, err := os.MkdirTemp("", "troupe-plan-")
	if err != nil {
		return nil, fmt.Errorf("create a folder for the plan: %w", err)
	}
	p := &plan{file: filepath.Join(folder, "plan")}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	options = append(options, tfexec.Out(p.file), tfexec.VarFile(d.variables()), tfexec.Lock(!d.noLock), tfexec.LockTimeout(lockPatience))
	if d.service != "" {
		options = append(options, tfexec.Target(module(d.service)))
	}
	if _, err := d.terraform.Plan(d.signals(ctx), options...); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	if p.Plan, err = d.terraform.ShowPlanFile(d.signals(ctx), p.file); err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	if env := p.variable("environment"); env != d.env {
		return nil, cli.Refuse("terraform/%s says environment = %q: it should be %q", d.variables(), env, d.env)
	}
	d.cfg.Region = p.variable("region")
	p.changes = changesOf(p.Plan)
	return p, ctx.Err()
}

// Close removes the plan's file, which may contain secrets.
func (p *plan) Close() { _ = os.RemoveAll(filepath.Dir(p.file)) } // the system cleans up leftovers

// module returns the address of a service's module.
func module(service string) string { return fmt.Sprintf("module.service[%q]", service) }

// protected reports whether the environment keeps what is precious.
func (p *plan) protected() bool {
	variable, ok := p.Variables["protection"]
	if !ok {
		return false
	}
	protection, _ := variable.Value.(map[string]any)
	return protection["enabled"] == true
}

func (p *plan) variable(name string) string {
	variable, ok := p.Variables[name]
	if !ok {
		return ""
	}
	text, _ := variable.Value.(string)
	return text
}
