// Package workspace creates copies of the Terraform code for tests, with declarations, placeholders for built
// artifacts, and a provider that needs no account.
//
// It copies the code because Terraform writes files next to it: a lock file with the checksums of the provider, a
// state, and the backend's settings.
package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/hashicorp/terraform-exec/tfexec"
)

// localBackend keeps the state of a copy in the copy, in place of the repository's backend.
const localBackend = "terraform {\n  backend \"local\" {}\n}\n"

// Workspace is a copy of the Terraform code and the files that it reads.
type Workspace struct {
	Root string // of the copy
	Env  []string
}

// New copies the Terraform code of a repository into a folder, with the given declarations.
func New(root string, declarations fs.FS, folder string, provider Provider) (*Workspace, error) {
	for _, tree := range []struct {
		from fs.FS
		name string
	}{{os.DirFS(root), "terraform"}, {declarations, "events"}, {declarations, "services"}} {
		if err := copyTree(tree.from, tree.name, folder); err != nil {
			return nil, fmt.Errorf("copy %s: %w", tree.name, err)
		}
	}
	w := &Workspace{Root: folder, Env: provider.Env()}
	return w, errors.Join(w.placeholders(), Write(filepath.Join(folder, "terraform/backend.tf"), localBackend))
}

// copyTree copies what Terraform reads (its code, schemas and manifests), and the examples that schemas require.
func copyTree(from fs.FS, tree, folder string) error {
	return fs.WalkDir(from, tree, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".terraform" || entry.Name() == "state") {
			return fs.SkipDir
		}
		if entry.IsDir() || !read(path) {
			return nil
		}
		content, err := fs.ReadFile(from, path)
		if err != nil {
			return err
		}
		return Write(filepath.Join(folder, path), string(content))
	})
}

func read(path string) bool {
	for _, end := range []string{".tf", ".tfvars", ".hcl", ".schema.json", ".example.json", "service.json"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}

// placeholders creates placeholders for artifacts that have not been built.
func (w *Workspace) placeholders() error {
	manifests, err := filepath.Glob(filepath.Join(w.Root, "services/*/service.json"))
	if err != nil {
		return err
	}
	for _, file := range manifests {
		var m struct{ Name, Runtime string }
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &m)
		}
		if err != nil {
			return err
		}
		name, content := m.Name+".zip", "no zip"
		if m.Runtime == "worker" {
			name, content = m.Name+".digest", "sha256:"+strings.Repeat("0", 64)+"\n"
		}
		if err := Write(filepath.Join(w.Root, "bin", name), content); err != nil {
			return err
		}
	}
	return nil
}

// Terraform returns a client for a folder of the copy, such as "terraform/bootstrap".
func (w *Workspace) Terraform(folder string) (*tfexec.Terraform, error) {
	program, err := Program()
	if err != nil {
		return nil, err
	}
	tf, err := tfexec.NewTerraform(filepath.Join(w.Root, folder), program)
	if err != nil {
		return nil, err
	}
	variables := map[string]string{}
	for _, variable := range w.Env {
		name, value, _ := strings.Cut(variable, "=")
		variables[name] = value
	}
	return tf, tf.SetEnv(variables)
}

// Apply initialises and applies a folder of the copy with variables ("environment=dev"), and returns its state.
func (w *Workspace) Apply(ctx context.Context, folder string, variables ...string) (*tfjson.State, error) {
	tf, err := w.Terraform(folder)
	if err != nil {
		return nil, err
	}
	if err := tf.Init(ctx); err != nil {
		return nil, err
	}
	var options []tfexec.ApplyOption
	for _, assignment := range variables {
		options = append(options, tfexec.Var(assignment))
	}
	if err := tf.Apply(ctx, options...); err != nil {
		return nil, err
	}
	return tf.Show(ctx)
}

// Write writes a file and creates its parent folders.
func Write(path, text string) error {
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644))
}
