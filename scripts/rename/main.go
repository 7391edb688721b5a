// Command rename gives the module, and the product, a name of your own. See go run ./scripts/rename -h.
package main

import (
	"context"
	"fmt"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/record"
	"example.com/troupe/scripts/internal/rename"
)

const help = `rename gives the module a path of your own, everywhere it is written, and the product a name, with which the names of all
resources begin. It can be run again.

Examples:
  go run ./scripts/rename -module github.com/acme/theatre
  go run ./scripts/rename -module github.com/acme/theatre -project theatre   # resources are theatre-dev-…
  go run ./scripts/rename -project theatre

What is on AWS under the old name stays there: make destroy before the product is renamed takes it away.

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
	fmt.Fprintf(t.Out, "%d files changed\n", changed)
	if changed > 0 {
		fmt.Fprintln(t.Out, "next: git diff --stat; make check test")
	}
	return nil
}

// check says what is wrong with the names that are given, before anything is done.
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

// apply renames what has a new name and notes it in the record, and returns how many files changed.
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
