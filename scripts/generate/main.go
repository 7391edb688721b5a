// Command generate writes the Go types of the events from their schemas:
// events/<producer>/events_gen.go for every folder that holds one.
//
//	go generate ./events            # or: go run ./scripts/generate
//	go run ./scripts/generate -check
//
// With -check it writes nothing, and exits 1 where a file is stale.
package main

import (
	"flag"
	"fmt"
	"os"

	"example.com/troupe/scripts/internal/codegen"
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
		return codegen.Check(root)
	}
	written, err := codegen.Write(root)
	for _, name := range written {
		fmt.Println("wrote", name)
	}
	return err
}
