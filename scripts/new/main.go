// Command new creates the first version of a service or an event. See go run ./scripts/new -h.
package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/scaffold"
	"example.com/troupe/scripts/internal/stack"
)

const help = `new creates the first version of a service or an event: files that compile, pass make check, and contain a first test,
example and story. It overwrites nothing. Missing events that a service publishes are created with it.

A later version of an event begins as a copy of the one before.

Examples:
  go run ./scripts/new -event appointment.requested.v2
  go run ./scripts/new -event appointment.requested.v1 -producer booking
  go run ./scripts/new -event object.created.v1 -source aws.s3 -detail-type "Object Created"
  go run ./scripts/new -service booking -http "POST /appointments,GET /appointments/{id}" -publishes appointment.requested.v1
  go run ./scripts/new -service billing -runtime worker -store sql -subscribes appointment.requested.v1 -publishes invoice.sent.v1

Flags:
`

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("new", help, t)
	service := flags.String("service", "", "create a service with this `name`")
	runtime := flags.String("runtime", "", "the service's runtime: `lambda or worker` (lambda)")
	store := flags.String("store", "", "the service's store: `dynamodb, sql or none` (dynamodb)")
	subscribes := flags.String("subscribes", "", "`events` to which the service subscribes, separated by commas")
	publishes := flags.String("publishes", "", "`events` that the service publishes, separated by commas")
	routes := flags.String("http", "", "`routes` that the service answers, separated by commas: POST /appointments")
	event := flags.String("event", "", "create an event of this `type`")
	producer := flags.String("producer", "", "the `service` that publishes the event (default: from its first word)")
	outcome := flags.String("outcome", "", "how the event ends an execution, if it does: `success or failure`")
	channel := flags.String("channel", "", "the event's channel: `eventbridge, sns or queue` (eventbridge)")
	source := flags.String("source", "", "of an event from outside: its `source`, such as aws.s3; see events/OUTSIDE.md")
	detailType := flags.String("detail-type", "", "of an event from outside: its `detail type`, such as \"Object Created\"")
	bus := flags.String("bus", "", "of an event from outside: the `bus` where it arrives, default or a partner's (default: by its source)")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	checkout, err := scaffold.Open(root)
	if err != nil {
		return err
	}
	switch {
	case *service != "" && *event == "" && *producer+*channel+*outcome+*source+*detailType+*bus == "":
		return makeService(ctx, checkout, scaffold.ServiceOptions{
			Name: *service, Runtime: manifest.Runtime(*runtime), Store: manifest.Store(*store),
			Subscribes: list(*subscribes), Publishes: list(*publishes), HTTP: list(*routes),
		}, t)
	case *event != "" && *service+*runtime+*store+*subscribes+*publishes+*routes == "":
		return makeEvent(ctx, checkout, scaffold.EventOptions{
			Type: *event, Producer: *producer, Channel: events.Channel(*channel), Outcome: schema.Outcome(*outcome),
			Source: *source, DetailType: *detailType, Bus: *bus,
		}, t)
	}
	return cli.Usage("name either a -service, with -runtime, -store, -subscribes, -publishes and -http, or an -event, with -producer, -channel and -outcome, or -source, -detail-type and -bus")
}

// list splits names at commas.
func list(text string) (names []string) {
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func makeService(ctx context.Context, c *scaffold.Checkout, o scaffold.ServiceOptions, t cli.Terminal) error {
	planned, err := c.Service(o)
	if err != nil {
		return cli.Refuse("%w", err)
	}
	return write(ctx, c, planned.Files, planned.Next, t)
}

func makeEvent(ctx context.Context, c *scaffold.Checkout, o scaffold.EventOptions, t cli.Terminal) error {
	files, made, err := c.Event(o)
	if err != nil {
		return cli.Refuse("%w", err)
	}
	next := []string{fmt.Sprintf("edit events/%s/%s.schema.json and its example: the event's data; then make generate docs", made.Producer, made.Type)}
	for _, m := range c.Declared.Manifests {
		if m.Name == made.Producer {
			next = append(next, fmt.Sprintf("add %s to \"publishes\" of services/%s/service.json", made.Type, m.Name))
		}
	}
	if made.Outside != nil {
		next = append(next, "describe the members that you read, and those that tell events apart; \"subject\" may be a pointer to a deeper one: /object/key",
			fmt.Sprintf("subscribe to %s in services/<name>/service.json; events/OUTSIDE.md says what its source needs", made.Type))
	} else if len(next) == 1 {
		next = append(next, fmt.Sprintf("there is no service %s yet: make new SERVICE=%[1]s PUBLISHES=%[2]s", made.Producer, made.Type))
	}
	if before, isVersion := c.Previous(made.Type); isVersion {
		next = append(next, fmt.Sprintf("publish both until nobody subscribes to %s (events/VERSIONS.md); here it is %s; for AWS ask make contracts EVENT=%[1]s ENV=<env>", before.Type, cmp.Or(strings.Join(c.Subscribers(before.Type), ", "), "nobody")))
	}
	return write(ctx, c, files, append(next, "make check test"), t)
}

func write(ctx context.Context, c *scaffold.Checkout, files scaffold.Files, next []string, t cli.Terminal) error {
	if files.Events() {
		fmt.Fprintln(t.Err, "generating the events' types …")
	}
	if err := c.Write(ctx, files); err != nil {
		return err
	}
	for _, name := range files.Names() {
		fmt.Fprintln(t.Out, "wrote", name)
	}
	docs.Renew(t.Out, c.Root, stack.Project)
	fmt.Fprintf(t.Out, "next:\n  %s\n", strings.Join(next, "\n  "))
	return nil
}
