package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/scripts/internal/cli"
)

// backendKind matches the backend in the Terraform code.
var backendKind = regexp.MustCompile(`backend "(\w+)"`)

// initialise connects Terraform to the environment's state, and checks that the state is of this account.
func (d *deployment) initialise(ctx context.Context) error {
	code, err := os.ReadFile(filepath.Join(d.root, "terraform/backend.tf"))
	if err != nil {
		return cli.Refuse("%w", err)
	}
	place := "key=" + d.env + ".tfstate"
	if kind := backendKind.FindSubmatch(code); kind != nil && string(kind[1]) == "local" {
		place = "path=state/" + d.env + ".tfstate"
	}
	if err := d.terraform.Init(d.signals(ctx), tfexec.Reconfigure(true), tfexec.BackendConfig(place)); err != nil {
		return fmt.Errorf("initialise Terraform: %w", err)
	}
	out, err := d.outputs(ctx)
	if err != nil {
		return err
	}
	if out.AccountID != "" && out.AccountID != d.account {
		return cli.Refuse("%s is deployed in account %s, and your credentials are of account %s", d.env, out.AccountID, d.account)
	}
	return nil
}

// signals returns Terraform's context. When it ends, Terraform is interrupted, and is given time to complete its
// running operations and write its state. On Linux Terraform runs in its own process group; elsewhere the terminal
// also interrupts it, and a second interrupt would make it stop at once.
func (d *deployment) signals(ctx context.Context) context.Context {
	if runtime.GOOS != "linux" {
		return context.WithoutCancel(ctx)
	}
	return ctx
}
