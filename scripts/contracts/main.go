// Command contracts says whom the changes of the events' schemas break, or who subscribes to an event. See go run
// ./scripts/contracts -h.
package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/contracts"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
)

const help = `contracts compares the schema of each event with that at another commit. For each change it says whether old consumers
can read new events, whether new consumers can read old ones (in queues, redrives and replays), which services, rules and
functions use the member, and what to do instead. It fails if a change breaks somebody within a version.

A breaking change that is wanted all the same takes a line in its schema, with the reason:
  "x-breaking": "nobody has published it yet"

With -event it lists who subscribes to an event instead: in this checkout, and with -env where the troupe runs.

Examples:
  go run ./scripts/contracts
  go run ./scripts/contracts -base v1.4.0
  go run ./scripts/contracts -event %s -env dev

Flags:
`

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	now, nowhere := stack.Here()
	event, _ := now.Example()
	flags := cli.NewFlags("contracts", fmt.Sprintf(help, event), t)
	base := flags.String("base", "origin/main", "compare with this `commit`")
	eventType := flags.String("event", "", "list who subscribes to an event of this `type`")
	env := flags.String("env", "", "with -event: also list subscribers in this `environment`, local or one deployed on AWS")
	url := flags.String("endpoint", endpoint.Default(), "AWS-compatible endpoint `URL` for the environment local")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	switch {
	case nowhere != nil:
		return nowhere
	case *eventType != "":
		return subscribers(ctx, now, *eventType, *env, *url, t)
	case *env != "":
		return cli.Usage("-env goes with -event")
	}
	return compare(ctx, now, *base, t)
}

func compare(ctx context.Context, now *stack.Declared, base string, t cli.Terminal) error {
	before, err := contracts.At(ctx, now.Root, base)
	if err != nil {
		return cli.Refuse("%w", err)
	}
	report, err := contracts.Since(before, now)
	if err != nil {
		return err
	}
	if len(report.Lines) == 0 {
		fmt.Fprintf(t.Out, "no schema differs from %s\n", base)
		return nil
	}
	fmt.Fprintln(t.Out, report)
	if report.Breaking > 0 {
		return fmt.Errorf("%d changes break somebody", report.Breaking)
	}
	return nil
}

// patience bounds the calls to AWS.
const patience = time.Minute

func subscribers(ctx context.Context, declared *stack.Declared, eventType, env, url string, t cli.Terminal) error {
	at := slices.IndexFunc(declared.Contracts, func(e schema.Event) bool { return e.Type == eventType })
	if at < 0 {
		var known []string
		for _, e := range declared.Contracts {
			known = append(known, e.Type)
		}
		return cli.Refuse("there is no event %s%s", eventType, schema.Nearest(eventType, known))
	}
	count := 0
	say := func(where, who string) {
		count++
		fmt.Fprintf(t.Out, "%s: %s\n", where, who)
	}
	for _, m := range declared.Manifests {
		if m.SubscribesTo(eventType) {
			say("here", "services/"+m.Name+"/service.json")
		}
	}
	if env != "" {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		running, err := target.Find(ctx, declared, env, url)
		if err != nil {
			return err
		}
		found, err := contracts.Subscribers(ctx, running, declared.Contracts[at])
		if err != nil {
			return err
		}
		for _, who := range found {
			say(env, who)
		}
	}
	if count == 0 {
		fmt.Fprintf(t.Out, "nobody subscribes to %s\n", eventType)
	}
	return nil
}
