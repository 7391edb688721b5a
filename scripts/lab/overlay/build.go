package overlay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// Lab is the path of the lab's module in a checkout.
const Lab = "scripts/lab"

// Build builds the test binary of a package of the lab, such as "./simulation", with the services of its checkout
// linked in. The files in changed, by path in the checkout, replace those on disk.
func Build(ctx context.Context, root, pkg, program string, changed map[string][]byte, flags ...string) error {
	folder, err := os.MkdirTemp("", "overlay-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file, err := Write(root, folder, changed)
	if err != nil {
		return err
	}
	module, err := dependencies(root, folder)
	if err != nil {
		return err
	}
	arguments := slices.Concat([]string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", file, "-modfile", module, "-mod=mod", "-o", program}, flags, []string{pkg})
	cmd := exec.CommandContext(ctx, "go", arguments...)
	cmd.Dir = filepath.Join(root, Lab)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s of the lab with the services in it: %w\n%s", pkg, err, out)
	}
	return nil
}

// dependencies copies the lab's go.mod to a folder, where the go command can add the services' own requirements, with
// the sums of all modules.
func dependencies(root, folder string) (modfile string, err error) {
	module, err := os.ReadFile(filepath.Join(root, Lab, "go.mod"))
	if err != nil {
		return "", err
	}
	var sums [][]byte
	for _, file := range []string{filepath.Join(root, Lab, "go.sum"), filepath.Join(root, "go.sum")} {
		text, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
		sums = append(sums, text)
	}
	modfile = filepath.Join(folder, "go.mod")
	return modfile, errors.Join(os.WriteFile(modfile, module, 0o600), os.WriteFile(filepath.Join(folder, "go.sum"), bytes.Join(sums, []byte("\n")), 0o600))
}

// Again builds the running test binary of a package of the lab again with the services linked in, runs it with the
// same arguments, and returns its exit code. A TestMain calls it if the services are missing.
func Again(pkg string, flags ...string) (code int) {
	err := again(pkg, flags)
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		return failed.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func again(pkg string, flags []string) error {
	folder, err := os.MkdirTemp("", "linked-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if raced() {
		flags = append(flags, "-race")
	}
	ctx, program := context.Background(), filepath.Join(folder, "linked.test")
	if err := Build(ctx, filepath.Join("..", "..", ".."), pkg, program, nil, flags...); err != nil {
		return err
	}
	// Without -test.testlogfile the result isn't cached; the go command doesn't know that it depends on the services.
	arguments := slices.DeleteFunc(slices.Clone(os.Args[1:]), func(a string) bool { return strings.HasPrefix(a, "-test.testlogfile") })
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}

// raced reports whether this binary was built with the race detector.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
