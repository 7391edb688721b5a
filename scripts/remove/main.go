// Command remove takes a service or an event away. See go run ./scripts/remove -h.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/scaffold"
	"example.com/troupe/scripts/internal/stack"
)

const help = `remove takes a service away, with the events that only it publishes and the stories under its name; or an event. It says
first who still needs it, and what it leaves on AWS, and does nothing while somebody needs it, unless -yes is given.

Examples:
  go run ./scripts/remove -service billing
  go run ./scripts/remove -service billing -yes
  go run ./scripts/remove -event invoice.sent.v1

Flags:
`

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("remove", help, t)
	service := flags.String("service", "", "remove the service of this `name`")
	event := flags.String("event", "", "remove the event of this `type`")
	yes := flags.Bool("yes", false, "remove it although somebody needs it")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if (*service == "") == (*event == "") {
		return cli.Usage("name either a -service or an -event")
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	return remover{root, scaffold.Generate, t.Out, t.Err}.remove(ctx, *service, *event, *yes)
}

// remover removes what is in a checkout.
type remover struct {
	root     string
	generate func(ctx context.Context, root string) error
	out      io.Writer
	progress io.Writer
}

func (r remover) remove(ctx context.Context, service, event string, yes bool) error {
	s, err := newSurvey(r.root)
	if err != nil {
		return err
	}
	name := event
	if service != "" {
		name, err = service, s.ofService(service)
	} else {
		err = s.ofEvent(event)
	}
	if err != nil {
		return cli.Refuse("%w", err)
	}
	r.list("still needed:", s.needed)
	r.list("on AWS, in an environment such as dev:", s.leaves)
	if len(s.needed) > 0 && !yes {
		return cli.Refuse("%s is still needed: change what needs it, or remove it all the same with YES=1", name)
	}
	if err := r.delete(ctx, s); err != nil {
		return err
	}
	r.list("removed:", s.paths)
	r.list("kept:", s.kept)
	_, err = fmt.Fprintln(r.out, "next: make check test")
	return err
}

func (r remover) list(title string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(r.out, "%s\n  %s\n", title, strings.Join(lines, "\n  "))
	}
}

// delete deletes what goes, and makes the types of what is left anew.
func (r remover) delete(ctx context.Context, s *survey) error {
	types := false
	for _, name := range s.paths {
		if err := os.RemoveAll(filepath.Join(r.root, name)); err != nil {
			return err
		}
		types = types || strings.HasSuffix(name, ".json")
	}
	if !types {
		return nil
	}
	fmt.Fprintln(r.progress, "generating the events' types …")
	return r.generate(ctx, r.root)
}
