package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// offline is where a program may lie that serves the AWS provider's schema without
// the provider, beside the repository.
const offline = "../shared/terraform-offline/install.sh"

// Provider says where Terraform takes its providers from.
type Provider struct {
	Offline bool   // it also applies, and nothing leaves this machine
	config  string // Terraform's configuration file, offline
	cache   string // where downloaded providers are kept, otherwise
}

// Find sets a provider up for a repository: the one beside it where there is one, otherwise the real one, which
// Terraform downloads.
func Find(ctx context.Context, root string) (Provider, error) {
	folder := filepath.Join(root, ".troupe", "terraform")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return Provider{}, fmt.Errorf("make a folder for providers: %w", err)
	}
	install := filepath.Join(root, offline)
	if _, err := os.Stat(install); err != nil {
		return Provider{cache: folder}, nil
	}
	var problems bytes.Buffer
	command := exec.CommandContext(ctx, install, folder)
	command.Stderr = &problems
	if err := command.Run(); err != nil {
		return Provider{}, fmt.Errorf("%s: %w\n%s", offline, err, problems.String())
	}
	return Provider{Offline: true, config: filepath.Join(folder, "terraform.rc")}, nil
}

// Env returns the environment that Terraform runs in: no credentials of this machine get into it.
func (p Provider) Env() []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "TF_")
	})
	env = append(env, "CHECKPOINT_DISABLE=1")
	if p.Offline {
		return append(env, "TF_CLI_CONFIG_FILE="+p.config)
	}
	return append(env, "TF_PLUGIN_CACHE_DIR="+p.cache)
}

// Program finds Terraform.
func Program() (string, error) {
	program, err := exec.LookPath("terraform")
	if err != nil {
		return "", errors.New("terraform is not on the PATH: install version 1.11 or later (developer.hashicorp.com/terraform/install)")
	}
	return program, nil
}
