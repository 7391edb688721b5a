package main

import (
	"context"
	_ "embed" // the fixture's tests
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/terraform/workspace"
)

// suite contains the tests and their copies of the Terraform code, with the repository's declarations and with the
// fixture's.
type suite struct {
	root            string
	provider        workspace.Provider
	folder          string // of the copies
	copied, fixture *workspace.Workspace
}

// fixtureTests are the tests that need the fixture's declarations.
const fixtureTests = "fixture.tftest.hcl"

//go:embed testdata/fixture.tftest.hcl
var fixtureSource string

func prepare(ctx context.Context, root string) (*suite, error) {
	if _, err := workspace.Program(); err != nil {
		return nil, err
	}
	provider, err := workspace.Find(ctx, root)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "troupe-terraform-")
	if err != nil {
		return nil, fmt.Errorf("create a folder for the tests: %w", err)
	}
	s := &suite{root: root, provider: provider, folder: folder}
	if s.copied, err = workspace.New(root, os.DirFS(root), filepath.Join(folder, "repository"), provider); err != nil {
		return s, err
	}
	if s.fixture, err = workspace.New(root, fixture.FS(), filepath.Join(folder, "fixture"), provider); err != nil {
		return s, err
	}
	return s, workspace.Write(filepath.Join(s.fixture.Root, "terraform/tests", fixtureTests), fixtureSource)
}

// test is one of the suite's tests. Its note is printed behind its verdict.
type test struct {
	name string
	run  func(context.Context) (note string, err error)
}

// runAll runs the tests and reports all failures. Those that need no initialised folder, or initialise it, run one after the
// other; the rest side by side, since Terraform uses little more than one processor.
func (s *suite) runAll(ctx context.Context) error {
	failed := 0
	for _, t := range []test{
		{"formatting", s.command("terraform", "terraform", "fmt", "-check", "-diff", "-recursive")},
		{"documentation", func(context.Context) (string, error) { return "", document(s.root, true) }},
		{"init", s.initialise},
	} {
		if !t.report(ctx) {
			failed++
			if t.name == "init" {
				return fmt.Errorf("%d failed; the others depend on init", failed)
			}
		}
	}
	verdicts := make(chan bool)
	beside := []test{
		{"validate", s.command("terraform", "terraform", "validate", "-no-color")},
		{"validate bootstrap", s.command("terraform/bootstrap", "terraform", "validate", "-no-color")},
		{"tflint", s.lint},
		{"terraform test", s.command("terraform", "terraform", "test", "-no-color")},
		{"fixture", s.testFixture},
		{"packaging, topology, deploy", s.goTests},
	}
	for _, t := range beside {
		go func() { verdicts <- t.report(ctx) }()
	}
	for range beside {
		if !<-verdicts {
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d failed", failed)
	}
	return ctx.Err()
}

// report runs a test, prints its verdict, and returns whether it passed.
func (t test) report(ctx context.Context) bool {
	began := time.Now()
	note, err := t.run(ctx)
	verdict, why := "ok", ""
	if err != nil {
		verdict, why = "FAILED", err.Error()+"\n"
	}
	fmt.Printf("%-27s %-7s %6.1f s  %s\n%s", t.name, verdict, time.Since(began).Seconds(), note, why) // one write: others print, too
	return err == nil
}

// command returns a function that runs a program in a folder of the copy.
func (s *suite) command(folder, name string, arguments ...string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		return s.execute(ctx, filepath.Join(s.copied.Root, folder), name, arguments...)
	}
}

// execute runs a program and returns its last line of output. An error includes the whole output.
func (s *suite) execute(ctx context.Context, folder, name string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, name, arguments...)
	command.Dir, command.Env = folder, s.copied.Env
	output, err := command.CombinedOutput()
	text := strings.TrimSpace(string(output))
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(arguments, " "), err, text)
	}
	return text[strings.LastIndex(text, "\n")+1:], nil
}

// testFixture runs the tests that need the fixture's services and events.
func (s *suite) testFixture(ctx context.Context) (string, error) {
	folder := filepath.Join(s.fixture.Root, "terraform")
	if _, err := s.execute(ctx, folder, "terraform", "init", "-no-color", "-input=false"); err != nil {
		return "", err
	}
	return s.execute(ctx, folder, "terraform", "test", "-no-color", "-filter=tests/"+fixtureTests)
}

func (s *suite) initialise(ctx context.Context) (string, error) {
	for _, folder := range []string{"terraform", "terraform/bootstrap"} {
		if _, err := s.command(folder, "terraform", "init", "-no-color", "-input=false")(ctx); err != nil && !s.provider.Offline {
			return "", fmt.Errorf("no provider is available: ../shared/terraform-offline does not exist, and Terraform could not download the real one\n%w", err)
		} else if err != nil {
			return "", err
		}
	}
	if s.provider.Offline {
		return "with ../shared/terraform-offline", nil
	}
	return "with the real provider", nil
}

// goTests runs the tests in Go: the build of the artifacts and, where they apply, the comparison with the local wiring and a
// deployment from end to end.
func (s *suite) goTests(ctx context.Context) (string, error) {
	arguments, note := []string{"test", "-count=1", "-timeout=30m", "-tags=terraform", "./scripts/deploy/artifact"}, "packaging only: the real provider can't apply without an account"
	if s.provider.Offline {
		arguments, note = append(arguments, "./scripts/terraform", "./scripts/deploy"), ""
	}
	_, err := s.execute(ctx, s.root, "go", arguments...)
	return note, err
}
