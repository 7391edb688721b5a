package cost

import (
	"cmp"
	"maps"
	"slices"
)

// Million is how many executions a report's bill is for.
const Million = 1e6

// Flow is one story, and what an execution of it uses.
type Flow struct {
	Name   string  `json:"name"`
	Title  string  `json:"title"`
	Weight float64 `json:"weight"` // its share of all executions, of 1
	Usage  *Usage  `json:"usage"`
}

// Report says what flows cost. Sums are in dollars.
type Report struct {
	Region      string       `json:"region"`
	Environment string       `json:"environment"`
	Rate        float64      `json:"rate"` // executions a second
	Flows       []Flow       `json:"flows"`
	Usage       *Usage       `json:"usage"`     // of the mean execution
	Durations   string       `json:"durations"` // where they are from
	Million     []Line       `json:"million"`   // a million executions
	Idle        []Line       `json:"idle"`      // a month in which nothing happens
	Month       float64      `json:"month"`     // a month at the rate
	Runtimes    []Comparison `json:"runtimes"`
	Workflow    Workflow     `json:"workflow"` // for a million executions
	Limits      []Limit      `json:"limits"`
	Latencies   []Latency    `json:"latencies"`
	Assumed     []string     `json:"assumed"`
	Unconfirmed []string     `json:"unconfirmed"` // ids of prices without a source
	Unpriced    []string     `json:"unpriced"`
}

// Local says that durations were measured in the local cloud.
const Local = "measured in the local cloud, with the latencies below for each call of AWS"

// Report returns the report for flows at a rate of executions a second, all flows together.
func (m *Model) Report(flows []Flow, rate float64, durations string) *Report {
	mean := &Usage{}
	for _, flow := range flows {
		mean.Add(flow.Usage, flow.Weight)
	}
	r := &Report{
		Region: m.Prices.Region, Environment: m.Environment.Name, Rate: rate, Flows: flows, Usage: mean, Durations: durations,
		Million: times(m.Variable(mean), Million), Idle: m.Idle(), Month: m.Month(mean, rate),
		Workflow: m.Workflow(mean).times(Million), Limits: m.Limits(mean), Latencies: Latencies, Assumed: assumed,
		Unconfirmed: m.Prices.Unconfirmed(), Unpriced: m.Unpriced(),
	}
	for _, name := range mean.Names() {
		if used := mean.Services[name]; m.manifest(name) != nil && used.Messages > 0 {
			r.Runtimes = append(r.Runtimes, m.Compare(name, used, rate))
		}
	}
	return r
}

// assumed is what the model takes for granted.
var assumed = []string{
	"One message a batch, as in a story that is played alone: functions under load get up to ten, and make fewer requests to SQS.",
	"No cold starts: their share falls with the rate.",
	"No free tier, savings plan, volume discount or tax; no data transfer, no storage of tables and no backups.",
	"A delivery of a rule or topic to a queue is a request to SQS; EventBridge and SNS themselves don't bill it within an account.",
	"Five pollers a function's queue, each of which polls every 20 seconds while nothing happens, whatever the rate.",
	"A step of a workflow is a function's invocation with the same duration; choices and retries of a workflow aren't counted.",
	"A task does as many messages at a time as the service's concurrency, and not more than its CPU or its rate allows.",
	"The bus's log holds whole events, as without protection.",
}

func times(lines []Line, n float64) []Line {
	all := slices.Clone(lines)
	for i := range all {
		all[i].Units *= n
		all[i].USD *= n
	}
	return all
}

func (w Workflow) times(n float64) Workflow {
	for _, usd := range []*float64{&w.Standard, &w.Express, &w.Kept, &w.Replaced, &w.Flow, &w.InStandard, &w.InExpress} {
		*usd *= n
	}
	return w
}

// Products returns the products of lines, those with the largest sums first.
func Products(lines []Line) []string {
	sums := map[string]float64{}
	for _, line := range lines {
		sums[line.Product] += line.USD
	}
	return slices.SortedFunc(maps.Keys(sums), func(a, b string) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b)) })
}

// SumOf returns the total of a service's lines of a product; "" for the product means all of them.
func SumOf(lines []Line, service, product string) (usd float64) {
	for _, line := range lines {
		if line.Service == service && (product == "" || line.Product == product) {
			usd += line.USD
		}
	}
	return usd
}
