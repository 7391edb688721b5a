// Command generate writes the Go types of the events from their schemas:
// events/<producer>/events_gen.go for every folder that holds one. It also writes terraform/COSTS.md from the prices in
// scripts/internal/cost.
//
//	go generate ./events            # or: go run ./scripts/generate
//	go run ./scripts/generate -check
//
// With -check it writes nothing, and exits 1 where a file is stale.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"example.com/troupe/scripts/internal/codegen"
	"example.com/troupe/scripts/internal/cost"
)

func main() {
	check := flag.Bool("check", false, "write nothing; exit 1 if a generated file is stale")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if check {
		return errors.Join(codegen.Check(root), cost.CheckPage(root))
	}
	written, err := codegen.Write(root)
	for _, name := range written {
		fmt.Println("wrote", name)
	}
	page, failed := cost.WritePage(root)
	if page {
		fmt.Println("wrote the page of costs")
	}
	return errors.Join(err, failed)
}
