// Command fuzz runs every fuzz target in turn, each for a while:
//
//	go run ./scripts/fuzz -time 30s
//	go run ./scripts/fuzz -time 5m -run FuzzFilterPolicy
//
// go test runs one target of one package at a time, so that this lists them. What a target finds is written by go test
// to testdata/fuzz beside it, and belongs into the repository with its repair. It exits 1 when a target fails, 2 on bad usage.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	budget := flag.Duration("time", 30*time.Second, "how long each target runs")
	run := flag.String("run", ".", "only targets whose name matches this `pattern`")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "Runs every fuzz target in turn.\n\nExample:\n  go run ./scripts/fuzz -time 30s -run Filter\n\nFlags:\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	names, err := regexp.Compile(*run)
	if err != nil || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := fuzz(ctx, os.Stdout, names, *budget); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// target is a fuzz test and the folder that it is in.
type target struct{ folder, name string }

func fuzz(ctx context.Context, out io.Writer, names *regexp.Regexp, budget time.Duration) error {
	targets, err := find(".", names)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return fmt.Errorf("no fuzz target matches %s", names)
	}
	var failed []string
	for i, t := range targets {
		fmt.Fprintf(out, "%d/%d %s %s\n", i+1, len(targets), t.folder, t.name)
		cmd := exec.CommandContext(ctx, "go", "test", "-run=^$", "-fuzz=^"+t.name+"$", "-fuzztime="+budget.String(), "./"+t.folder)
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Run(); err != nil {
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

var declared = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// find lists the targets in a tree, in the order of its folders.
func find(root string, names *regexp.Regexp) (targets []target, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		for _, found := range declared.FindAllStringSubmatch(string(text), -1) {
			if names.MatchString(found[1]) {
				targets = append(targets, target{filepath.Dir(path), found[1]})
			}
		}
		return err
	})
	return targets, err
}
