// Command rename gives the module a path of your own, everywhere it is written:
//
//	go run ./scripts/rename github.com/acme/shop
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var valid = regexp.MustCompile(`^[a-z0-9.-]+\.[a-z]+(/[A-Za-z0-9._-]+)*$`)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./scripts/rename MODULE\n\nexample: go run ./scripts/rename github.com/acme/shop")
	}
	flag.Parse()
	if flag.NArg() != 1 || !valid.MatchString(flag.Arg(0)) {
		flag.Usage()
		os.Exit(2)
	}
	changed, err := rename(".", flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "rename:", err)
		os.Exit(1)
	}
	fmt.Printf("%d files changed; try them with: go build ./...\n", changed)
}

// rename replaces the module's path in all source below the folder, and returns
// how many files it changed.
func rename(folder, module string) (changed int, err error) {
	old, err := modulePath(filepath.Join(folder, "go.mod"))
	if err != nil {
		return 0, err
	}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != folder:
			return filepath.SkipDir
		case entry.IsDir() || !source(path):
			return nil
		}
		replaced, err := replace(path, old, module)
		if replaced {
			changed++
		}
		return err
	})
	return changed, err
}

func modulePath(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("run this at the root of the repository: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimPrefix(line, "module "), nil
}

func source(path string) bool {
	switch filepath.Ext(path) {
	case ".go", ".mod", ".txtar", ".tmpl", ".md":
		return true
	}
	return false
}

func replace(path, old, module string) (bool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	renamed := bytes.ReplaceAll(text, []byte(old), []byte(module))
	if bytes.Equal(text, renamed) {
		return false, nil
	}
	return true, os.WriteFile(path, renamed, 0o644)
}
