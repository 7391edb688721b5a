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

// offline is where an offline substitute for the AWS provider, which serves its schema, may be installed from.
const offline = "../shared/terraform-offline/install.sh"

// Provider is where Terraform gets its providers.
type Provider struct {
	Offline bool   // it can apply, without network access
	config  string // Terraform's configuration file, if offline
	cache   string // cache of downloaded providers, otherwise
}

// Find sets up a provider for a repository: the offline one if it exists, otherwise the real one, which Terraform
// downloads.
func Find(ctx context.Context, root string) (Provider, error) {
	folder := filepath.Join(root, ".troupe", "terraform")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return Provider{}, fmt.Errorf("create a folder for providers: %w", err)
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

// Env returns Terraform's environment, without any credentials of this machine.
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

// Program returns the path of Terraform.
func Program() (string, error) {
	program, err := exec.LookPath("terraform")
	if err != nil {
		return "", errors.New("terraform is not on the PATH: install version 1.11 or later (developer.hashicorp.com/terraform/install)")
	}
	return program, nil
}
