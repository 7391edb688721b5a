// Command contracts says whom the changes of the events' schemas break. See go run ./scripts/contracts -h.
package main

import (
	"context"
	"fmt"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/contracts"
	"example.com/troupe/scripts/internal/stack"
)

const help = `contracts compares the schema of each event with that at another commit. For each change it says whether old consumers
can read new events, whether new consumers can read old ones (in queues, redrives and replays), which services, rules and
functions use the member, and what to do instead. It fails if a change breaks somebody within a version.

A breaking change that is wanted all the same takes a line in its schema, with the reason:
  "x-breaking": "nobody has published it yet"

Examples:
  go run ./scripts/contracts
  go run ./scripts/contracts -base v1.4.0

Flags:
`

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("contracts", help, t)
	base := flags.String("base", "origin/main", "compare with this `commit`")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	now, err := stack.Here()
	if err != nil {
		return err
	}
	before, err := contracts.At(ctx, now.Root, *base)
	if err != nil {
		return cli.Refuse("%w", err)
	}
	report, err := contracts.Since(before, now)
	if err != nil {
		return err
	}
	if len(report.Lines) == 0 {
		fmt.Fprintf(t.Out, "no schema differs from %s\n", *base)
		return nil
	}
	fmt.Fprintln(t.Out, report)
	if report.Breaking > 0 {
		return fmt.Errorf("%d changes break somebody", report.Breaking)
	}
	return nil
}
