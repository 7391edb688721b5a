package cost

import (
	"cmp"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// hours and seconds are those of a month, as AWS's calculator counts it.
const (
	hours   = 730
	seconds = hours * 3600
)

// Model says what a flow costs in one region and environment.
type Model struct {
	Prices      *Prices
	Quotas      *Quotas
	Environment *Environment
	Manifests   []*manifest.Manifest
	Channels    map[string]events.Channel // of events, by type
}

// Line is one line of a bill.
type Line struct {
	Service string  `json:"service"` // or Shared
	Product string  `json:"product"`
	Price   string  `json:"price"` // id
	Units   float64 `json:"units"`
	USD     float64 `json:"usd"`
	What    string  `json:"what,omitempty"` // for an idle line: what it is for
}

// line returns the line for units of a price.
func (m *Model) line(service, id string, units float64) Line {
	price := m.Prices.Of(id)
	return Line{Service: service, Product: price.Product, Price: id, Units: units, USD: units * price.USD / price.Per}
}

// sampled is the share of invocations that Lambda records as traces, beside one a second
// (docs.aws.amazon.com/lambda/latest/dg/services-xray.html).
const sampled = 0.05

// Variable returns the bill of one execution: what grows with their number. Tasks of workers don't; see Worker.
func (m *Model) Variable(u *Usage) (lines []Line) {
	for _, name := range u.Names() {
		used := u.Services[name]
		for id, units := range used.Units {
			lines = append(lines, m.line(name, id, units))
		}
		if gb := used.Units["logs"]; gb > 0 {
			lines = append(lines, m.line(name, "logs-storage", gb*m.Environment.logMonths()))
		}
		if gb := used.Units["archive"]; gb > 0 {
			lines = append(lines, m.line(name, "archive-storage", gb*m.Environment.archiveMonths()))
		}
		if used.Function {
			lines = append(lines, m.invocations(name, used)...)
		}
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Price, b.Price))
	})
	return lines
}

// invocations returns what a service's invocations cost.
func (m *Model) invocations(name string, used *Used) []Line {
	n, ms := used.AsFunction()
	lines := []Line{m.line(name, "lambda-request", n), m.line(name, "lambda-compute", ms/1000*m.memory(name)/1024)}
	if m.Environment.Deployment.Tracing {
		lines = append(lines, m.line(name, "trace", sampled*n))
	}
	return lines
}

// Sum returns the total of lines, in dollars.
func Sum(lines []Line) (usd float64) {
	for _, line := range lines {
		usd += line.USD
	}
	return usd
}

// Month returns what executions at a rate, in executions a second, cost in a month: beside what the environment costs
// idle, the tasks that workers need above their least number.
func (m *Model) Month(u *Usage, rate float64) float64 {
	usd := Sum(m.Idle()) + rate*seconds*Sum(m.Variable(u))
	for name, used := range u.Services {
		if service := m.manifest(name); service != nil && service.Runtime == manifest.Worker {
			usd += (m.tasks(name, used, rate) - m.minTasks(name)) * m.task(name)
		}
	}
	return usd
}

func (m *Model) manifest(name string) *manifest.Manifest {
	for _, one := range m.Manifests {
		if one.Name == name {
			return one
		}
	}
	return nil
}

// memory returns a service's memory in MB.
func (m *Model) memory(name string) float64 {
	return or(m.Environment.Overrides[name].MemoryMB, float64(m.manifest(name).MemoryMB))
}
