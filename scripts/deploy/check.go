package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
)

// leastTerraform is the oldest supported version of Terraform: 1.11 introduced state locking in S3.
var leastTerraform = []int{1, 11}

// patience is how long an interrupted Terraform may take to complete its running operations; databases take longest.
const patience = 2 * time.Hour

// check checks all requirements of a deployment before anything changes.
func (d *deployment) check(ctx context.Context) error {
	if err := d.checkEnvironment(); err != nil {
		return err
	}
	if err := d.checkTerraform(ctx); err != nil {
		return err
	}
	if err := d.checkCredentials(ctx); err != nil {
		return err
	}
	fmt.Fprintf(d.Out, "%s in account %s\n", d.env, d.account)
	return nil
}

func (d *deployment) variables() string { return filepath.Join("env", d.env+".tfvars") }

func (d *deployment) checkEnvironment() error {
	if _, err := os.Stat(filepath.Join(d.root, "terraform", d.variables())); err == nil {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(d.root, "terraform/env/*.tfvars"))
	if err != nil {
		return err
	}
	var known []string
	for _, file := range files {
		known = append(known, strings.TrimSuffix(filepath.Base(file), ".tfvars"))
	}
	return cli.Refuse("there is no environment %s: one of %v, or write terraform/%s", d.env, known, d.variables())
}

func (d *deployment) checkTerraform(ctx context.Context) error {
	program, err := exec.LookPath("terraform")
	if err != nil {
		return cli.Refuse("terraform is not on the PATH: install version 1.11 or later (developer.hashicorp.com/terraform/install)")
	}
	if d.terraform, err = tfexec.NewTerraform(filepath.Join(d.root, "terraform"), program); err != nil {
		return cli.Refuse("%w", err)
	}
	if err := d.terraform.SetWaitDelay(patience); err != nil {
		return err
	}
	version, _, err := d.terraform.Version(ctx, true)
	if err != nil {
		return cli.Refuse("get Terraform's version: %w", err)
	}
	if slices.Compare(version.Segments(), leastTerraform) < 0 {
		return cli.Refuse("terraform is version %s: 1.11 or later is needed", version)
	}
	return nil
}

// checkCredentials determines the account.
func (d *deployment) checkCredentials(ctx context.Context) error {
	cfg, err := endpoint.AWS(ctx, "")
	if err != nil {
		return cli.Refuse("%w", err)
	}
	if cfg.Region == "" {
		cfg.Region = endpoint.Region // STS returns the same in any region
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	caller, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
	if err != nil {
		return cli.Refuse("AWS rejected or did not find your credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with aws sso login\n%w", err)
	}
	d.cfg, d.account = cfg, aws.ToString(caller.Account)
	return nil
}
