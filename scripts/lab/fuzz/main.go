// Command fuzz runs every fuzz target of the checkout in turn, each for a while. See go -C scripts/lab run ./fuzz -h.
//
// go test runs one target of one package at a time, so this command finds the targets in all modules. go test writes
// a failing input to testdata/fuzz next to its target; commit it together with the fix.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

const help = `fuzz runs every fuzz target in turn.

Examples:
  go -C scripts/lab run ./fuzz -time 30s
  go -C scripts/lab run ./fuzz -time 5m -run FuzzFilterPolicy

Flags:
`

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("fuzz", help, t)
	budget := flags.Duration("time", 30*time.Second, "how long each target runs")
	pattern := flags.String("run", ".", "only targets whose name matches this `pattern`")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	names, err := regexp.Compile(*pattern)
	if err != nil {
		return cli.Usage("-run: %w", err)
	}
	return fuzz(ctx, t.Out, names, *budget)
}

// target is a fuzz test with its folder, relative to the root.
type target struct{ folder, name string }

func fuzz(ctx context.Context, out io.Writer, names *regexp.Regexp, budget time.Duration) error {
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	targets, err := find(root, names)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return fmt.Errorf("no fuzz target matches %s", names)
	}
	var failed []string
	for i, t := range targets {
		fmt.Fprintf(out, "%d/%d %s %s\n", i+1, len(targets), t.folder, t.name)
		cmd := exec.CommandContext(ctx, "go", "test", "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+budget.String())
		cmd.Dir = filepath.Join(root, t.folder) // in its module
		var output bytes.Buffer
		cmd.Stdout = io.MultiWriter(out, &output)
		cmd.Stderr = cmd.Stdout
		if err := cmd.Run(); err != nil && !outOfTime.Match(output.Bytes()) {
			failed = append(failed, t.folder+" "+t.name)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d of %d targets failed: %s", len(failed), len(targets), strings.Join(failed, ", "))
	}
	return nil
}

// outOfTime matches the output of a target whose time ends at a bad moment, which go test of Go 1.26 reports as a
// failure (go.dev/issue/75804).
var outOfTime = regexp.MustCompile(`--- FAIL: \w+ \(.*\)\n    context deadline exceeded\nFAIL\n`)

var declared = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// find returns the targets of all modules in a tree, by folder.
func find(root string, names *regexp.Regexp) (targets []target, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		for _, found := range declared.FindAllStringSubmatch(string(text), -1) {
			if names.MatchString(found[1]) {
				targets = append(targets, target{folder, found[1]})
			}
		}
		return err
	})
	return targets, err
}
