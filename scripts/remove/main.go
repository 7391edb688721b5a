// Command remove removes a service or an event. See go run ./scripts/remove -h.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/scaffold"
	"example.com/troupe/scripts/internal/stack"
)

const help = `remove deletes a service with the events that only it publishes and the stories named after it, or it deletes an event. It
first lists what still needs it and what stays on AWS. While something needs it, it deletes nothing without -yes.

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
	yes := flags.Bool("yes", false, "remove it although something needs it")
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

// remover removes parts of a checkout.
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
		return cli.Refuse("%s is still needed: change what needs it, or remove it anyway with YES=1", name)
	}
	if err := r.delete(ctx, s); err != nil {
		return err
	}
	r.list("removed:", s.paths)
	r.list("kept:", s.kept)
	docs.Renew(r.out, r.root, stack.Project)
	_, err = fmt.Fprintln(r.out, "next: make check test")
	return err
}

func (r remover) list(title string, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(r.out, "%s\n  %s\n", title, strings.Join(lines, "\n  "))
	}
}

// delete deletes the planned files and regenerates the types of the remaining events.
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
