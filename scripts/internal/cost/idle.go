package cost

import (
	"fmt"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// How queues are polled while nothing happens: a long poll returns after 20 seconds. A function's mapping has five
// pollers; AWS may go down to two, but says not when, and doesn't with a maximum concurrency
// (docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
const (
	lambdaPollers = 5
	polls         = seconds / 20 // of one poller in a month
)

// Estimates: Container Insights' metrics of a cluster with one service, and the metrics of the two alarms that a
// target tracking policy with metric math creates.
const (
	insights       = 30
	scalingMetrics = 4
)

// Idle returns what an environment costs in a month while nothing happens. It counts what terraform/ creates.
func (m *Model) Idle() (lines []Line) {
	add := func(service, id string, units float64, format string, args ...any) {
		if units > 0 {
			line := m.line(service, id, units)
			line.What = fmt.Sprintf(format, args...)
			lines = append(lines, line)
		}
	}
	workers := 0.0
	for _, service := range m.Manifests {
		name := service.Name
		if service.Runtime == manifest.Worker {
			workers++
			cpus, gb := m.size(name)
			n := m.minTasks(name)
			add(name, "fargate-cpu", n*cpus*hours, "%g of %g CPU", n, cpus)
			add(name, "fargate-memory", n*gb*hours, "%g with %g GB", n, gb)
			if m.public() {
				add(name, "address", n*hours, "public addresses of tasks")
			}
			if service.Store == manifest.SQL {
				m.database(name, add)
			}
		}
		pollers := 0.0
		if service.HasQueue() {
			pollers = map[manifest.Runtime]float64{manifest.Lambda: lambdaPollers, manifest.Worker: m.minTasks(name)}[service.Runtime]
		}
		add(name, "sqs-request", pollers*polls, "polling its empty queue")
		add(name, "alarm", m.alarms(service), "alarms")
		add(name, "secret", float64(len(service.Secrets)), "secrets")
	}
	if workers > 0 {
		add(Shared, "metric", insights*workers, "Container Insights, which counts the tasks for scaling (about %d metrics a worker)", insights)
	}
	if m.hasRoutes() {
		add(Shared, "alarm", 1, "the HTTP API's alarm")
	}
	add(Shared, "dashboard", 1, "the dashboard (an account's first three are free)")
	if m.Environment.AlarmEmail != nil {
		add(Shared, "key", 1, "the key of the alarms' topic")
	}
	return lines
}

// database adds a worker's database, with its standby if it has one, and its password. A class without a price in the
// file is named with nothing.
func (m *Model) database(name string, add func(service, id string, units float64, format string, args ...any)) {
	d := m.Environment.Database
	copies, class := 1.0, or(d.Class, defaultClass)
	if or(d.MultiAZ, m.Environment.Protection.Enabled) {
		copies = 2
	}
	if _, known := m.Prices.Find(class); known {
		add(name, class, copies*hours, "PostgreSQL on %s, %g of it", class, copies)
	}
	add(name, "database-storage", copies*or(d.StorageGB, defaultStorageGB), "its storage")
	add(name, "secret", 1, "the database's password")
}

// Unpriced returns what an environment pays for that is in no sum.
func (m *Model) Unpriced() (missing []string) {
	workers := false
	for _, service := range m.Manifests {
		class := or(m.Environment.Database.Class, defaultClass)
		worker := service.Runtime == manifest.Worker
		if _, known := m.Prices.Find(class); !known && worker && service.Store == manifest.SQL {
			missing = append(missing, fmt.Sprintf("the database of %s: %s has no price in prices.json", service.Name, class))
		}
		if m.Environment.Overrides[service.Name].Provisioned != nil {
			missing = append(missing, fmt.Sprintf("the provisioned concurrency of %s", service.Name))
		}
		workers = workers || worker
	}
	if nat := m.line(Shared, "nat", hours); workers && !m.public() {
		missing = append(missing, fmt.Sprintf("how your network reaches AWS: a NAT gateway would be %s a month and its traffic", Dollars(nat.USD)))
	}
	return missing
}

// alarms returns the metrics of a service's alarms, each of which is billed (terraform/modules/service/alarms.tf).
func (m *Model) alarms(service *manifest.Manifest) (metrics float64) {
	if service.HasQueue() {
		metrics += 2 + 2 + m.subscriptions(service) // dead letters and undelivered; the age of what waits; lost
	}
	switch {
	case service.Runtime == manifest.Lambda:
		metrics += 2 // errors and throttles
	case service.HasQueue():
		metrics += 1 + scalingMetrics // no task
	default:
		metrics++
	}
	if service.Runtime == manifest.Worker && service.Store == manifest.SQL {
		metrics++
		if class := or(m.Environment.Database.Class, defaultClass); len(class) > 4 && class[:4] == "db.t" {
			metrics++ // its CPU credits
		}
	}
	return metrics
}

// subscriptions returns a service's rules and subscriptions to topics: all but its reminders to itself.
func (m *Model) subscriptions(service *manifest.Manifest) (n float64) {
	for _, s := range service.Subscribes {
		if m.Channels[s.Event] != events.Queue {
			n++
		}
	}
	return n
}

func (m *Model) hasRoutes() bool {
	for _, service := range m.Manifests {
		if service.Runtime == manifest.Lambda && len(service.HTTP) > 0 {
			return true
		}
	}
	return false
}
