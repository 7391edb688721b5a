package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
)

// linter is the version of tflint that is taken where there is none on the PATH.
const linter = "github.com/terraform-linters/tflint@v0.55.1"

// lint runs tflint where it can be had: it is the only test that may be left out.
func (s *suite) lint(ctx context.Context) (string, error) {
	program, err := exec.LookPath("tflint")
	if err != nil {
		folder := filepath.Join(s.root, ".troupe", "terraform")
		program = filepath.Join(folder, "tflint")
		install := exec.CommandContext(ctx, "go", "install", linter)
		install.Env = append(os.Environ(), "GOBIN="+folder, "GOFLAGS=-mod=mod")
		if install.Run() != nil {
			return "left out: tflint is not on the PATH, and can't be downloaded", nil
		}
	}
	config := filepath.Join(s.copied.Root, "terraform", ".tflint.hcl")
	return s.command("terraform", program, "--recursive", "--no-color", "--config="+config)(ctx)
}
