package cost

import (
	"math"

	"example.com/troupe/events/manifest"
)

// Comparison is one service as a function and as a worker. What both pay, such as its table, is in neither.
type Comparison struct {
	Service string           `json:"service"`
	Runtime manifest.Runtime `json:"runtime"`        // now
	Lambda  float64          `json:"lambda"`         // dollars a month at the rate, its pollers included
	Worker  float64          `json:"worker"`         // the same, for Tasks
	Tasks   float64          `json:"tasks"`          // that the rate needs
	Crosses *float64         `json:"crosses"`        // executions a second from which a worker costs no more; nil if there is no such rate
	Capable float64          `json:"capable"`        // executions a second that one task can do
	Note    string           `json:"note,omitempty"` // what keeps it from the other runtime
}

// Fargate's least sizes, as terraform/modules/service/worker.tf chooses them: units of CPU with their memory in MB.
var fargate = []struct{ cpu, least, most float64 }{
	{256, 512, 2048}, {512, 1024, 4096}, {1024, 2048, 8192}, {2048, 4096, 16384}, {4096, 8192, 30720},
}

// size returns the CPUs and the memory in GB of a service's task.
func (m *Model) size(name string) (cpus, gb float64) {
	memory := m.memory(name)
	for _, size := range fargate {
		if cpu := or(m.Environment.Overrides[name].CPU, 0); cpu == size.cpu || cpu == 0 && size.most >= memory {
			if size.cpu == 256 && memory <= 512 {
				return 0.25, 0.5
			}
			return size.cpu / 1024, max(size.least, math.Ceil(memory/1024)*1024) / 1024
		}
	}
	return 4, 30
}

// CPUs returns the number of CPUs of a service's task.
func (m *Model) CPUs(name string) float64 {
	cpus, _ := m.size(name)
	return cpus
}

// task returns what one task of a service costs in a month.
func (m *Model) task(name string) float64 {
	cpus, gb := m.size(name)
	usd := m.line(name, "fargate-cpu", cpus*hours).USD + m.line(name, "fargate-memory", gb*hours).USD
	if m.public() {
		usd += m.line(name, "address", hours).USD
	}
	return usd
}

// public reports whether tasks have addresses of their own, as in the network that Terraform makes.
func (m *Model) public() bool {
	return or(m.Environment.Network.PublicIP, m.Environment.Network.VPC == nil)
}

func (m *Model) minTasks(name string) float64 {
	return or(m.Environment.Overrides[name].MinTasks, defaultMinTasks)
}

// capable returns the executions a second that one task can do: as many as its places, its CPUs and its rate allow.
func (m *Model) capable(name string, used *Used) float64 {
	messages, ms, cpuMS := used.AsWorker()
	if messages == 0 {
		return math.Inf(1)
	}
	service := m.manifest(name)
	perSecond := or(m.Environment.Overrides[name].Concurrency, float64(service.Queue.Concurrency)) / (ms / 1000)
	perSecond = min(perSecond, m.CPUs(name)/(cpuMS/1000))
	if rate := or(m.Environment.Overrides[name].Rate, service.Rate); rate > 0 {
		perSecond = min(perSecond, rate)
	}
	return perSecond / messages
}

// tasks returns the tasks that a rate needs: not below the least.
func (m *Model) tasks(name string, used *Used, rate float64) float64 {
	return max(m.minTasks(name), math.Ceil(rate/m.capable(name, used)))
}

// Compare compares a service as a function and as a worker at a rate of executions a second.
func (m *Model) Compare(name string, used *Used, rate float64) Comparison {
	service := m.manifest(name)
	c := Comparison{Service: name, Runtime: service.Runtime, Tasks: m.tasks(name, used, rate), Capable: m.capable(name, used)}
	each, idle := Sum(m.invocations(name, used)), 0.0
	if service.HasQueue() {
		idle = m.line(name, "sqs-request", (lambdaPollers-1)*polls).USD // a worker polls too: once
	}
	c.Lambda = idle + rate*seconds*each
	c.Worker = c.Tasks * m.task(name)
	c.Crosses = crossing(idle, seconds*each, m.task(name), m.minTasks(name), c.Capable)
	switch {
	case len(service.HTTP) > 0:
		c.Note = "it has HTTP routes, which reach functions only"
	case service.Store == manifest.SQL:
		c.Note = "its database is for workers only, and is in neither sum"
	}
	return c
}

// crossing returns the least rate at which tasks cost no more than a function, whose cost is idle and slope for each
// execution a second. It is where the cost of the least number of tasks meets the function's, if so many tasks can do it.
// If they can't, neither can more: n tasks cost no more at what they can do, n*capable, only where
// n*(task-slope*capable) <= idle, and if that holds for some n it holds for fewer.
func crossing(idle, slope, task, least, capable float64) *float64 {
	at := max(0, (least*task-idle)/slope)
	if at > least*capable {
		return nil
	}
	return &at
}
