// Command adopt makes a clone its owner's: it removes the sample and renames the module and the product. See go run
// ./scripts/adopt -h.
package main

import (
	"context"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"example.com/troupe/scripts/internal/adopt"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/record"
	"example.com/troupe/scripts/internal/rename"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
)

const examples = `adopt makes this clone yours: it renames the module and the product, and removes the sample. What you have added stays.

Examples:
  go run ./scripts/adopt -module github.com/acme/clinic -dry-run   # what it would do
  go run ./scripts/adopt -module github.com/acme/clinic            # the product is called clinic
  go run ./scripts/adopt -module github.com/acme/clinic -project acme-clinic -keep a,b   # keep these services of the sample

Flags:
`

func main() { cli.Main(run) }

func run(_ context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("adopt", examples, t)
	module := flags.String("module", "", "the module's new `path`, such as github.com/acme/clinic")
	project := flags.String("project", "", "the product's `name`, the prefix of all resource names (default: the last part of the module path)")
	keep := flags.String("keep", "", "`services` of the sample to keep, separated by commas")
	dry := flags.Bool("dry-run", false, "show what would be done, and change nothing")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *module == "" {
		return cli.Usage("name your module: -module github.com/acme/clinic")
	}
	options := adopt.Options{Module: *module, Project: *project}
	if *keep != "" {
		options.Keep = strings.Split(*keep, ",")
	}
	if options.Project == "" {
		options.Project = projectOf(*module)
	}
	if err := rename.CheckModule(options.Module); err != nil {
		return cli.Refuse("-module: %w", err)
	}
	if err := rename.CheckProduct(options.Project); err != nil {
		return cli.Refuse("-project: %w", err)
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	plan, err := adopt.Survey(root, options.Keep)
	if err != nil {
		return cli.Refuse("%w", err)
	}
	printPlan(t.Out, plan, options, *dry)
	if *dry {
		return nil
	}
	if _, err := adopt.Apply(root, options); err != nil {
		return err
	}
	docs.Renew(t.Out, root, options.Project)
	err = record.Update(root, func(r *record.Record) {
		r.Module, r.Project, r.Adopted = options.Module, options.Project, &record.Adopted{Keep: options.Keep}
	})
	if err != nil {
		return err
	}
	return next(t.Out, root)
}

var notInNames = regexp.MustCompile(`[^a-z0-9-]+`)

// projectOf returns the default product name: the last part of the module path that isn't a version.
func projectOf(module string) string {
	name := path.Base(module)
	if regexp.MustCompile(`^v[0-9]+$`).MatchString(name) {
		name = path.Base(path.Dir(module))
	}
	return strings.Trim(notInNames.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// printPlan prints what is done.
func printPlan(out io.Writer, plan *adopt.Plan, o adopt.Options, dry bool) {
	would := map[bool]string{true: "would be ", false: ""}[dry]
	fmt.Fprintf(out, "module %s, product %s\n", o.Module, o.Project)
	for _, entry := range plan.Remove {
		fmt.Fprintf(out, "%sremoved  %s\n", would, entry)
	}
	if len(plan.Cut) > 0 {
		fmt.Fprintf(out, "%sshortened  stories: %d, to what the kept services do on their own\n", would, len(plan.Cut))
	}
	switch {
	case len(plan.Remove) == 0:
		fmt.Fprintln(out, "The sample was already removed.")
	case plan.Starter:
		name, _ := adopt.StarterService() // embedded in this command
		fmt.Fprintf(out, "%sadded  services/%s, its event and its story: a small service to start from\n", would, name)
	}
}

// next prints what is left for the owner to do.
func next(out io.Writer, root string) error {
	declared, err := stack.Load(root)
	if err != nil {
		return err
	}
	all, err := stories.Load(root)
	if err != nil {
		return err
	}
	if err := stories.CheckAll(all, declared); err != nil {
		fmt.Fprintf(out, "\nA story still refers to something that was removed; change or delete it:\n  %v\n", err)
	}
	_, err = fmt.Fprint(out, `
The clone is yours. Review it, and commit:
  make check test
  make demo
  git add --all && git commit -m "Adopt Troupe"
`)
	return err
}
