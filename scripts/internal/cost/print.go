package cost

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"example.com/troupe/scripts/internal/cli"
)

// SharedName is how Shared is shown.
const SharedName = "(bus)"

// Dollars returns a sum as people read it: cents from a dollar on, and three digits below.
func Dollars(usd float64) string {
	switch {
	case math.Abs(usd) >= 1000:
		return "$" + cli.Thousands(int(math.Round(usd)))
	case math.Abs(usd) >= 1 || usd == 0:
		return fmt.Sprintf("$%.2f", usd)
	}
	return fmt.Sprintf("$%.3f", usd)
}

// Print prints the report for people.
func (r *Report) Print(out io.Writer) error {
	p := &printer{tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight), out}
	fmt.Fprintf(out, "%s in %s, %s executions a second; durations %s.\n", r.Environment, r.Region, Figure(r.Rate), r.Durations)
	r.printMillion(p)
	fmt.Fprintf(out, "\nA month at %s executions a second: %s, of which %s are paid while nothing happens.\n", Figure(r.Rate), Dollars(r.Month), Dollars(Sum(r.Idle)))
	r.printCalls(p)
	r.printIdle(p)
	r.printRuntimes(p)
	r.printWorkflow(p)
	r.printLimits(p)
	r.printAssumptions(p)
	return nil
}

// printer prints tables.
type printer struct {
	*tabwriter.Writer
	out io.Writer
}

// head begins a part of the report.
func (p *printer) head(format string, args ...any) { fmt.Fprintf(p.out, "\n"+format+"\n", args...) }

// row prints the cells of a row. The first is the widest, and on the left.
func (p *printer) row(cells ...string) { fmt.Fprintln(p, strings.Join(cells, "\t")+"\t") }

func shown(service string) string { return cmp.Or(service, SharedName) }

func (r *Report) printMillion(p *printer) {
	p.head("A million executions, by service and product: %s", Dollars(Sum(r.Million)))
	products := Products(r.Million)
	p.row(append([]string{""}, append(products, "sum")...)...)
	for _, name := range r.Usage.Names() {
		cells := []string{shown(name)}
		for _, product := range products {
			cells = append(cells, dash(SumOf(r.Million, name, product)))
		}
		p.row(append(cells, Dollars(SumOf(r.Million, name, "")))...)
	}
	p.Flush()
}

func dash(usd float64) string {
	if usd == 0 {
		return "-"
	}
	return Dollars(usd)
}

// printCalls prints the requests of one execution of each story, by kind.
func (r *Report) printCalls(p *printer) {
	p.head("Requests to AWS of one execution")
	kinds := map[string]bool{}
	for _, flow := range r.Flows {
		maps.Insert(kinds, maps.All(flow.Usage.AllCalls()))
	}
	cells := []string{""}
	for _, flow := range r.Flows {
		cells = append(cells, flow.Name)
	}
	p.row(cells...)
	sums := make([]float64, len(r.Flows))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		cells = []string{kind}
		for i, flow := range r.Flows {
			n := flow.Usage.calls(kind)
			sums[i] += n
			cells = append(cells, Figure(n))
		}
		p.row(cells...)
	}
	cells = []string{"all"}
	for _, sum := range sums {
		cells = append(cells, Figure(sum))
	}
	p.row(cells...)
	p.Flush()
}

// AllCalls returns the kinds of requests, and of what else counts as one: an invocation and a request to the API.
func (u *Usage) AllCalls() map[string]bool {
	kinds := map[string]bool{"lambda invocation": true, "api request": true}
	for _, used := range u.Services {
		for call := range used.Calls {
			kinds[call] = true
		}
	}
	return kinds
}

func (u *Usage) calls(kind string) float64 {
	return u.Total(func(used *Used) float64 {
		switch kind {
		case "lambda invocation":
			return used.Invocations
		case "api request":
			return used.Units["api-request"]
		}
		return used.Calls[kind]
	})
}

func (r *Report) printIdle(p *printer) {
	p.head("A month while nothing happens: %s", Dollars(Sum(r.Idle)))
	for _, line := range r.Idle {
		fmt.Fprintf(p.out, "  %8s  %s: %s\n", Dollars(line.USD), shown(line.Service), line.What)
	}
}

func (r *Report) printRuntimes(p *printer) {
	p.head("Each service as a function and as a worker, a month at this rate")
	p.row("", "now", "Lambda", "worker", "tasks", "cross at")
	for _, c := range r.Runtimes {
		crosses := "never"
		if c.Crosses != nil {
			crosses = Figure(*c.Crosses) + "/s"
		}
		p.row(c.Service, string(c.Runtime), Dollars(c.Lambda), Dollars(c.Worker), Figure(c.Tasks), crosses)
	}
	p.Flush()
	for _, c := range r.Runtimes {
		if c.Note != "" {
			fmt.Fprintf(p.out, "%s: %s.\n", c.Service, c.Note)
		}
	}
}

func (r *Report) printWorkflow(p *printer) {
	w := r.Workflow
	p.head("The same as a Step Functions workflow, a million executions")
	p.row("", "kept", "between services", "sum")
	p.row("this flow", Dollars(w.Kept), Dollars(w.Replaced), Dollars(w.Flow))
	p.row("Standard", Dollars(w.Kept), Dollars(w.Standard), Dollars(w.InStandard))
	if w.Fits {
		p.row("Express", Dollars(w.Kept), Dollars(w.Express), Dollars(w.InExpress))
	}
	p.Flush()
	fmt.Fprintf(p.out, "Kept are functions, tables, API and logs. Between services, the flow pays events, topics and queues; Standard %s transitions\n"+
		"an execution; Express a request and %.1f s at 64 MB.\n", Figure(w.States), w.Seconds)
}

func (r *Report) printLimits(p *printer) {
	p.head("Where it breaks first: executions a second at which a default limit is reached")
	shown := r.Limits[:min(len(r.Limits), limitsPrinted)]
	for _, l := range shown {
		kind, unsure := "", ""
		if l.Own {
			kind = " (your setting)"
		}
		if l.Unsure {
			unsure = ", not confirmed"
		}
		fmt.Fprintf(p.out, "  %8s/s  %s: %s %s%s%s; %s: %s\n", Figure(l.Rate), l.Where, Figure(l.Value), l.Name, kind, unsure, l.Effect, l.Then)
	}
	if more := len(r.Limits) - len(shown); more > 0 {
		fmt.Fprintf(p.out, "  and %d more above %s/s\n", more, Figure(shown[len(shown)-1].Rate))
	}
}

// limitsPrinted is how many limits are printed. JSON has them all.
const limitsPrinted = 20

func (r *Report) printAssumptions(p *printer) {
	p.head("Assumed")
	for _, line := range r.Assumed {
		fmt.Fprintf(p.out, "  %s\n", line)
	}
	for _, l := range r.Latencies {
		fmt.Fprintf(p.out, "  %g ms for a call %s…: %s\n", l.MS, l.Call, l.Source)
	}
	if len(r.Unconfirmed) > 0 {
		fmt.Fprintf(p.out, "Prices that no source confirms: %s\n", strings.Join(r.Unconfirmed, ", "))
	}
	for _, line := range r.Unpriced {
		fmt.Fprintf(p.out, "Not in the sums: %s\n", line)
	}
}
