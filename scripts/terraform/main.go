// Command terraform tests the Terraform code without an account: formatting, documentation,
// validity, terraform test, and what Terraform makes of the declarations against what the
// local cloud wires from them. See go run ./scripts/terraform -h.
//
// It takes the provider that lies beside the repository, if one does; otherwise the real one, which
// Terraform downloads. Without either it fails: nothing passes by being left out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"example.com/troupe/scripts/internal/stack"
)

const usage = `terraform tests the Terraform code, with no AWS account.

Examples:
  go run ./scripts/terraform         # all of it
  go run ./scripts/terraform -docs   # write the tables of inputs and outputs in the modules' READMEs

Flags:
`

func main() {
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), usage)
		flag.PrintDefaults()
	}
	docs := flag.Bool("docs", false, "write the modules' READMEs instead of testing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *docs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, docs bool) error {
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	if docs {
		return document(root, false)
	}
	s, err := prepare(ctx, root)
	if err != nil {
		return err
	}
	defer os.RemoveAll(s.copied.Root)
	return s.runAll(ctx)
}
