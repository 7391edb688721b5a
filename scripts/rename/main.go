// Command rename renames the module and the product. See go run ./scripts/rename -h.
package main

import (
	"context"
	"fmt"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/record"
	"example.com/troupe/scripts/internal/rename"
)

const help = `rename changes the module path everywhere, and the product name, which is the prefix of all resource names. It can be
run again.

Examples:
  go run ./scripts/rename -module github.com/acme/theatre
  go run ./scripts/rename -module github.com/acme/theatre -project theatre   # resources are theatre-dev-…
  go run ./scripts/rename -project theatre

Resources on AWS keep the old name: run make destroy before you rename the product.

Flags:
`

func main() { cli.Main(run) }

func run(_ context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("rename", help, t)
	to := flags.String("module", "", "the module's new `path`")
	project := flags.String("project", "", "the product's new `name`")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *to == "" && *project == "" {
		return cli.Usage("name a -module, a -project or both")
	}
	if err := check(*to, *project); err != nil {
		return cli.Refuse("%w", err)
	}
	changed, err := apply(".", *to, *project)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "%s changed\n", cli.Count(changed, "file"))
	if *project != "" {
		docs.Renew(t.Out, ".", *project)
	}
	if changed > 0 {
		fmt.Fprintln(t.Out, "next: git diff --stat; make check test")
	}
	return nil
}

// check validates the names before anything changes.
func check(to, project string) error {
	if to != "" {
		if err := rename.CheckModule(to); err != nil {
			return err
		}
	}
	if project != "" {
		return rename.CheckProduct(project)
	}
	return nil
}

// apply renames and updates the record. It returns the number of changed files.
func apply(root, to, project string) (changed int, err error) {
	for _, name := range []struct {
		to     string
		rename func(root, to string) ([]string, error)
		note   func(*record.Record)
	}{
		{to, rename.Module, func(r *record.Record) { r.Module = to }},
		{project, rename.Product, func(r *record.Record) { r.Project = project }},
	} {
		if name.to == "" {
			continue
		}
		files, err := name.rename(root, name.to)
		if err != nil {
			return changed, err
		}
		changed += len(files)
		if len(files) == 0 {
			continue
		}
		if err := record.Update(root, name.note); err != nil {
			return changed, err
		}
	}
	return changed, nil
}
