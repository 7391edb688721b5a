// Command check checks the source before any test runs, and says how to fix what it finds. See go run ./scripts/check
// -h.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/stack"
)

// check is one check. Its error says what is wrong and how to fix it, unless it is a notice.
type check struct {
	name string
	run  func(context.Context) error
}

// notice is what a check says without failing.
type notice string

func (n notice) Error() string { return string(n) }

func checks(names bool, base string) []check {
	return []check{
		{"formatting", formatting},
		{"vet", inModules("vet", "./...")},
		{"staticcheck", staticcheck},
		{"generated files", command("go", "run", "./scripts/generate", "-check")},
		{"declarations", declarations},
		{"pages", func(context.Context) error { return docs.Check(".", stack.Project) }},
		{"contracts", contractsSince(base)},
		{"import walls", walls},
		{"names", sample(names)},
		{"dependencies", dependencies},
	}
}

const help = `check checks formatting, vet, staticcheck, generated files, declarations, pages, what became of the events' schemas, import walls, names
of services and events in the machinery, and dependencies.

Example:
  go run ./scripts/check

Flags:
`

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("check", help, t)
	names := flags.Bool("names", false, "also forbid a service's bare name in quotation marks in the machinery")
	base := flags.String("base", "origin/main", "compare the events' schemas with this `commit`, where it is known")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	all := checks(*names, *base)
	if failed := runAll(ctx, all); failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(all))
	}
	return nil
}

func runAll(ctx context.Context, checks []check) (failed int) {
	for _, c := range checks {
		start := time.Now()
		err := c.run(ctx)
		verdict := "ok"
		if _, told := errors.AsType[notice](err); err != nil && !told {
			verdict = "FAILED"
			failed++
		}
		fmt.Printf("%-16s %-7s %5.1f s\n", c.name, verdict, time.Since(start).Seconds())
		if err != nil {
			fmt.Println(indent(err.Error()))
		}
	}
	return failed
}

func command(name string, args ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := output(ctx, name, args...)
		return err
	}
}

// modules returns the folders of the existing modules: a team may delete the lab.
func modules() (folders []string) {
	for _, folder := range []string{".", "scripts/cloud", "scripts/lab"} {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			folders = append(folders, folder)
		}
	}
	return folders
}

// inModules returns a check that runs the go command in each module.
func inModules(args ...string) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		for _, folder := range modules() {
			_, failed := output(ctx, "go", append([]string{"-C", folder}, args...)...)
			err = errors.Join(err, failed)
		}
		return err
	}
}

func staticcheck(ctx context.Context) error {
	tools, err := filepath.Abs("scripts/tools/go.mod")
	if err != nil {
		return err
	}
	return inModules("tool", "-modfile="+tools, "staticcheck", "./...")(ctx)
}

// output runs a command and returns its output, which its error includes as well.
func output(ctx context.Context, name string, args ...string) (string, error) {
	var stdout, all strings.Builder
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &all
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, stdout.String(), all.String())
	}
	return stdout.String(), nil
}

func formatting(ctx context.Context) error {
	files, err := output(ctx, "gofmt", "-l", "events", "services", "scripts")
	if err != nil {
		return err
	}
	if files != "" {
		return errors.New("not formatted; run gofmt -w on:\n" + files)
	}
	return nil
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ")
}
