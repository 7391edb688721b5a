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

// backendKind finds the kind of backend in the Terraform code.
var backendKind = regexp.MustCompile(`backend "(\w+)"`)

// initialise points Terraform at the environment's state, and makes sure that it is that of the account.
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

// signals returns the context that Terraform runs in: when it ends, Terraform is interrupted, and waited for
// while it finishes what it has begun and writes its state. On Linux Terraform runs in a process group of its own;
// elsewhere the terminal interrupts it itself, and a second interrupt would make it stop at once.
func (d *deployment) signals(ctx context.Context) context.Context {
	if runtime.GOOS != "linux" {
		return context.WithoutCancel(ctx)
	}
	return ctx
}
