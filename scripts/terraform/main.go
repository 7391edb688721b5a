// Command terraform tests the Terraform code without an AWS account: formatting, documentation, validity, terraform
// test, and a comparison of what Terraform and the local wiring create from the declarations. See go run
// ./scripts/terraform -h.
//
// It uses the offline provider next to the repository if there is one, and otherwise the real one, which Terraform
// downloads. Without either it fails, so no test passes by being skipped.
package main

import (
	"context"
	"os"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

const help = `terraform tests the Terraform code, with no AWS account.

Examples:
  go run ./scripts/terraform         # all of it
  go run ./scripts/terraform -docs   # write the tables of inputs and outputs in the modules' READMEs

Flags:
`

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("terraform", help, t)
	docs := flags.Bool("docs", false, "write the modules' READMEs instead of testing")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	if *docs {
		return document(root, false)
	}
	s, err := prepare(ctx, root)
	if s != nil {
		defer os.RemoveAll(s.folder)
	}
	if err != nil {
		return err
	}
	return s.runAll(ctx)
}
