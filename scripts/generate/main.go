// Command generate writes the Go types of the events from their schemas:
// events/<producer>/events_gen.go for every folder that holds one.
//
//	go generate ./events            # or: go run ./scripts/generate
//	go run ./scripts/generate -check
//
// With -check it writes nothing, and exits 1 where a file is stale. The structs
// come from go-jsonschema; what makes them events is added here.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

// regenerate is the command that updates stale files.
const regenerate = "go generate ./events"

func main() {
	check := flag.Bool("check", false, "write nothing; exit 1 if a generated file is stale")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *check); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, check bool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	files, err := generate(ctx, root)
	if err != nil {
		return err
	}
	stale, err := differing(root, files)
	if err != nil || len(stale) == 0 {
		return err
	}
	if check {
		return fmt.Errorf("stale: %s\nrun: %s", strings.Join(stale, ", "), regenerate)
	}
	for _, name := range stale {
		if err := os.WriteFile(filepath.Join(root, name), files[name], 0o644); err != nil {
			return err
		}
		fmt.Println("wrote", name)
	}
	return nil
}
