package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-exec/tfexec"

	"example.com/troupe/scripts/internal/cli"
)

// interrupted imitates Terraform: it reports that it runs, counts interrupts, and takes some time to end.
const interrupted = `#!/bin/sh
if [ "$1" = version ]; then echo '{"terraform_version": "VERSION", "provider_selections": {}}'; exit 0; fi
trap 'echo INT >> interrupts' INT
sleep 0.2 # the library that runs it does not wait for what is interrupted as it starts
echo running > running
while [ ! -e interrupts ]; do sleep 0.01; done
for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.02; done
echo saved > state
exit 1
`

// standIn returns a deployment that runs a program in place of Terraform.
func standIn(t *testing.T, version string) (*deployment, string) {
	t.Helper()
	folder := t.TempDir()
	if err := errors.Join(
		os.Mkdir(filepath.Join(folder, "terraform"), 0o755),
		os.WriteFile(filepath.Join(folder, "terraform", "program"), []byte(strings.ReplaceAll(interrupted, "VERSION", version)), 0o755),
		os.Symlink("terraform/program", filepath.Join(folder, "terraform-link")),
	); err != nil {
		t.Fatal(err)
	}
	return &deployment{root: folder}, filepath.Join(folder, "terraform")
}

// TestAnInterruptReachesTerraformOnce checks that Ctrl-C lets Terraform save its state: it is interrupted once and
// waited for.
func TestAnInterruptReachesTerraformOnce(t *testing.T) {
	d, folder := standIn(t, "1.12.0")
	terraform, err := tfexec.NewTerraform(folder, filepath.Join(folder, "program"))
	if err != nil {
		t.Fatal(err)
	}
	if err := terraform.SetWaitDelay(patience); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	d.terraform, d.Terminal = terraform, cli.Terminal{Out: &out}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var applying sync.WaitGroup
	applying.Go(func() { err = d.apply(ctx, 1, tfexec.DirOrPlan("plan")) })
	for running := false; !running && t.Context().Err() == nil; {
		_, missing := os.Stat(filepath.Join(folder, "running"))
		running = missing == nil
	}
	cancel()
	applying.Wait()
	if err == nil || !strings.Contains(err.Error(), "deploy again to continue") || !strings.Contains(out.String(), "Terraform completes running operations") {
		t.Errorf("error = %v, after:\n%s", err, out.String())
	}
	counted, err := os.ReadFile(filepath.Join(folder, "interrupts"))
	if err != nil || string(counted) != "INT\n" {
		t.Errorf("Terraform was interrupted %q, %v", counted, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "state")); err != nil {
		t.Errorf("Terraform was not waited for: %v", err)
	}
}

func TestAnOldTerraformIsRefused(t *testing.T) {
	for version, want := range map[string]string{"1.10.5": "terraform is version 1.10.5: 1.11 or later is needed", "1.11.0": "", "2.0.0": ""} {
		d, folder := standIn(t, version)
		if err := os.Rename(filepath.Join(folder, "program"), filepath.Join(folder, "terraform")); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
		err := d.checkTerraform(t.Context())
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("with version %s: %v", version, err)
		}
	}
	code, err := os.ReadFile("../../terraform/versions.tf")
	if err != nil || !strings.Contains(string(code), `required_version = ">= 1.11.0"`) {
		t.Errorf("terraform/versions.tf needs another version than leastTerraform: %v", err)
	}
}
