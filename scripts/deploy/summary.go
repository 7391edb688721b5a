package main

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/trace"
)

// summarise prints a plan by service. It counts new resources, and names those that change or are destroyed.
func (d *deployment) summarise(p *plan) {
	if d.service != "" {
		fmt.Fprintf(d.Out, "\nThis deploys only %s and what it depends on. Changes of its routes and of other services need a deployment of everything.\n", d.service)
	}
	if p.empty() {
		fmt.Fprintln(d.Out, "\nNothing changes.")
		return
	}
	fmt.Fprintln(d.Out)
	counts := map[kind]int{}
	width := 0
	for _, c := range p.changes {
		counts[c.kind]++
		width = max(width, len(c.part))
	}
	for name, of := range byPart(p.changes) {
		printPart(d.Out, name, width, of)
	}
	printLosses(d.Out, p.changes)
	fmt.Fprintf(d.Out, "\n%d to add, %d to change, %d to replace, %d to destroy\n", counts[add], counts[alter], counts[replace], counts[destroy])
}

// byPart yields the changes grouped by part.
func byPart(changes []change) iter.Seq2[string, []change] {
	return func(yield func(string, []change) bool) {
		for len(changes) > 0 {
			n := 1
			for n < len(changes) && changes[n].part == changes[0].part {
				n++
			}
			if !yield(changes[0].part, changes[:n]) {
				return
			}
			changes = changes[n:]
		}
	}
}

func printPart(out io.Writer, name string, width int, changes []change) {
	added := 0
	for _, c := range changes {
		if c.kind == add {
			added++
		}
	}
	if added > 0 {
		fmt.Fprintf(out, "%-*s  %-3s %s\n", width, name, add, cli.Count(added, "resource"))
	}
	for _, c := range changes {
		if c.kind == add {
			continue
		}
		line := fmt.Sprintf("%-*s  %-3s %s  %s", width, name, c.kind, c.resource, strings.Join(c.members, ", "))
		fmt.Fprintln(out, strings.TrimSpace(line))
	}
}

// printLosses lists resources whose data is lost.
func printLosses(out io.Writer, changes []change) {
	var lost []string
	for _, c := range changes {
		if c.losesData() {
			lost = append(lost, "  "+c.part+"  "+c.resource)
		}
	}
	if len(lost) > 0 {
		fmt.Fprintln(out, "\n"+red(out, "The data in these is lost for good:\n"+strings.Join(lost, "\n")))
	}
}

// red colours text on a terminal.
func red(out io.Writer, text string) string {
	if !trace.Coloured(out) {
		return text
	}
	return "\x1b[31m" + text + "\x1b[0m"
}
