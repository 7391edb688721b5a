package adopt

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkout is a committed copy of this repository.
type checkout struct {
	*testing.T
	root string
}

// copied copies the files of this repository that git tracks or would track.
func copied(t *testing.T) checkout {
	t.Helper()
	c := checkout{t, filepath.Join(t.TempDir(), "checkout")}
	beside(t, c.root)
	source := checkout{t, filepath.Join("..", "..", "..")}
	for name := range strings.SplitSeq(source.run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00") {
		text, err := os.ReadFile(filepath.Join(source.root, name))
		if errors.Is(err, os.ErrNotExist) || name == "" {
			continue
		}
		info, failed := os.Stat(filepath.Join(source.root, name))
		if err := errors.Join(err, failed); err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(c.root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, text, info.Mode().Perm())); err != nil {
			t.Fatal(err)
		}
	}
	c.run("git", "init", "--quiet", "--initial-branch=main")
	c.commit()
	return c
}

// beside lets what lies beside this repository lie beside a copy, too: a stand-in for Terraform's providers, where there is one.
func beside(t *testing.T, root string) {
	t.Helper()
	shared, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "shared"))
	if err != nil {
		t.Fatal(err)
	}
	if _, missing := os.Stat(shared); missing != nil {
		return
	}
	if err := os.Symlink(shared, filepath.Join(filepath.Dir(root), "shared")); err != nil {
		t.Fatal(err)
	}
}

// run runs a command in the checkout, which must succeed, and returns its output.
func (c checkout) run(name string, arguments ...string) string {
	c.Helper()
	command := exec.CommandContext(c.Context(), name, arguments...)
	command.Dir = c.root
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	out, err := command.CombinedOutput()
	if err != nil {
		c.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
	return string(out)
}

func (c checkout) commit() {
	c.Helper()
	c.run("git", "add", "--all")
	c.run("git", "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", "work")
}

func (c checkout) read(name string) string {
	c.Helper()
	text, err := os.ReadFile(filepath.Join(c.root, name))
	if err != nil {
		c.Fatal(err)
	}
	return string(text)
}

func (c checkout) write(name, text string) {
	c.Helper()
	at := filepath.Join(c.root, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(text), 0o644)); err != nil {
		c.Fatal(err)
	}
}

// change replaces a text in a file.
func (c checkout) change(name, old, text string) {
	c.Helper()
	before := c.read(name)
	if !strings.Contains(before, old) {
		c.Fatalf("%s has no %q", name, old)
	}
	c.write(name, strings.Replace(before, old, text, 1))
}

// sound checks that everything compiles, is formatted, and has current generated files.
func (c checkout) sound() {
	c.Helper()
	if files := c.run("gofmt", "-l", "events", "services", "scripts"); files != "" {
		c.Errorf("not formatted:\n%s", files)
	}
	c.run("go", "run", "./scripts/generate", "-check")
	c.run("go", "run", "./scripts/docs", "-check")
	for _, module := range []string{".", "scripts/lab"} {
		c.run("go", "-C", module, "vet", "./...")
	}
}
