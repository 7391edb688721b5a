package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
)

// linter is the version of tflint to download if it isn't on the PATH.
const linter = "github.com/terraform-linters/tflint@v0.55.1"

// lint runs tflint if it is available. It is the only test that may be skipped.
func (s *suite) lint(ctx context.Context) (string, error) {
	program, err := exec.LookPath("tflint")
	if err != nil {
		folder := filepath.Join(s.root, ".troupe", "terraform")
		program = filepath.Join(folder, "tflint")
		install := exec.CommandContext(ctx, "go", "install", linter)
		install.Env = append(os.Environ(), "GOBIN="+folder, "GOFLAGS=-mod=mod")
		if install.Run() != nil {
			return "skipped: tflint is not on the PATH and can't be downloaded", nil
		}
	}
	config := filepath.Join(s.copied.Root, "terraform", ".tflint.hcl")
	return s.command("terraform", program, "--recursive", "--no-color", "--config="+config)(ctx)
}
