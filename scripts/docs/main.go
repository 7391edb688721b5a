// Command docs writes the pages of services and events, and an AsyncAPI document of the system. See go run ./scripts/docs
// -h.
package main

import (
	"context"
	"fmt"
	"slices"

	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/stack"
)

const help = `docs writes the folder events/docs from the declarations: a page for each service and each event, and asyncapi.json, which
describes the whole system in AsyncAPI 3. make check refuses stale ones.

With -service it prints the AsyncAPI document of that service alone, as catalogues of services want it, and writes nothing.

Examples:
  go run ./scripts/docs
  go run ./scripts/docs -service %s >service.asyncapi.json
  npx @asyncapi/cli generate fromTemplate events/docs/asyncapi.json @asyncapi/html-template -o bin/html   # web pages of it

Flags:
`

func main() { cli.Main(run) }

func run(_ context.Context, arguments []string, t cli.Terminal) error {
	declared, nowhere := stack.Here()
	_, example := declared.Example()
	flags := cli.NewFlags("docs", fmt.Sprintf(help, example), t)
	service := flags.String("service", "", "print the AsyncAPI document of the service of this `name`")
	check := flags.Bool("check", false, "write nothing; fail if a file is stale")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	switch {
	case nowhere != nil:
		return nowhere
	case *service != "" && !slices.Contains(declared.Services(), *service):
		return cli.Refuse("there is no service %s%s", *service, schema.Nearest(*service, declared.Services()))
	case *service != "":
		document, err := docs.Application(declared.Root, stack.Project, *service)
		if err == nil {
			_, err = t.Out.Write(document)
		}
		return err
	case *check:
		return docs.Check(declared.Root, stack.Project)
	}
	changed, err := docs.Write(declared.Root, stack.Project)
	for _, name := range changed {
		fmt.Fprintln(t.Out, "renewed", name)
	}
	return err
}
