package cost

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// pageFile is the page of what things cost while nothing happens.
const pageFile = "terraform/COSTS.md"

// ErrStale reports that the page doesn't say what the prices say.
var ErrStale = errors.New(pageFile + " is stale: run make generate")

// WritePage writes the page below the root of a checkout if it isn't what the prices say, and reports whether it did.
func WritePage(root string) (written bool, err error) {
	if err = CheckPage(root); !errors.Is(err, ErrStale) {
		return false, err
	}
	page, err := page()
	if err != nil {
		return false, err
	}
	return true, os.WriteFile(filepath.Join(root, pageFile), page, 0o644)
}

// CheckPage returns ErrStale if the page isn't what the prices say.
func CheckPage(root string) error {
	want, err := page()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, filepath.Dir(pageFile))); errors.Is(err, fs.ErrNotExist) {
		return nil // a checkout without Terraform needs no page
	}
	if got, err := os.ReadFile(filepath.Join(root, pageFile)); err != nil || !bytes.Equal(got, want) {
		return ErrStale
	}
	return nil
}

const pageText = `# Costs

What runs costs by use: ` + "`make cost`" + ` counts it for the stories, and adds up what follows for the services that are here. What is
deployed costs this while nothing happens, in %s before taxes and free tiers:

| | a month |
| --- | ---: |
%s| bus, topics, rules, functions, tables, the HTTP API | $0.00 |

` + "`make generate`" + ` makes this page from [the prices](../scripts/internal/cost/prices.json), each of which has its source and date, and
from what the Terraform code creates. Container Insights' metrics are an estimate. A NAT gateway, which workers here do without, would
be %s.

Every resource of a service has the tag ` + "`Service`" + `. Activate it as a cost allocation tag, and your bill shows what each service costs.
`

// part is a row of the page: what an environment costs more with it than without.
type part struct {
	what          string
	without, with []*manifest.Manifest
	change        func(*Environment)
}

// page returns the page.
func page() ([]byte, error) {
	regions, err := Regions()
	if err != nil {
		return nil, err
	}
	prices, err := PricesOf(regions[0])
	if err != nil {
		return nil, err
	}
	var rows strings.Builder
	for _, p := range parts() {
		rest, all := idle(prices, p.without, nil), idle(prices, p.with, p.change)
		if p.without == nil && p.with == nil && p.change == nil {
			rest = 0 // what every environment has
		}
		fmt.Fprintf(&rows, "| %s | %s |\n", p.what, cents(all-rest))
	}
	nat := prices.Of("nat")
	return fmt.Appendf(nil, pageText, prices.Region, rows.String(), cents(hours*nat.USD/nat.Per)), nil
}

func cents(usd float64) string { return fmt.Sprintf("$%.2f", usd) }

func idle(prices *Prices, services []*manifest.Manifest, change func(*Environment)) float64 {
	m := &Model{Prices: prices, Environment: &Environment{}, Manifests: services, Channels: map[string]events.Channel{"a.v1": events.EventBridge}}
	if change != nil {
		change(m.Environment)
	}
	return Sum(m.Idle())
}

// parts are the rows, made of the smallest services that have them.
func parts() []part {
	service := func(runtime manifest.Runtime, change func(*manifest.Manifest)) []*manifest.Manifest {
		m := &manifest.Manifest{Name: "a", Runtime: runtime, MemoryMB: 512}
		if change != nil {
			change(m)
		}
		return []*manifest.Manifest{m}
	}
	queue := func(m *manifest.Manifest) { m.Subscribes = []manifest.Subscription{{Event: "a.v1"}} }
	database := func(m *manifest.Manifest) { queue(m); m.Store = manifest.SQL }
	function, worker := service(manifest.Lambda, nil), service(manifest.Worker, queue)
	return []part{
		{what: "the dashboard (an account's first three are free)"},
		{what: "a function: two alarms", with: function},
		{what: "its queue: five pollers, each every 20 seconds, and alarms on five metrics", without: function, with: service(manifest.Lambda, queue)},
		{what: "each further event that a service subscribes to: a metric of an alarm", without: service(manifest.Lambda, queue), with: service(manifest.Lambda, func(m *manifest.Manifest) { queue(m); m.Subscribes = append(m.Subscribes, m.Subscribes...) })},
		{what: "a worker: a task of a quarter CPU and 0.5 GB with its address and poller, alarms, and about 30 metrics of Container Insights", with: worker},
		{what: "each further task", without: worker, with: worker, change: func(e *Environment) { e.Overrides = map[string]Override{"a": {MinTasks: new(2.0)}} }},
		{what: "its PostgreSQL: db.t4g.micro, 20 GB, the password and two alarms", without: worker, with: service(manifest.Worker, database)},
		{what: "the standby of a protected environment's PostgreSQL", without: service(manifest.Worker, database), with: service(manifest.Worker, database), change: func(e *Environment) { e.Protection.Enabled = true }},
		{what: "the HTTP API's alarm", without: function, with: service(manifest.Lambda, func(m *manifest.Manifest) { m.HTTP = []string{"GET /"} })},
		{what: "a secret", without: function, with: service(manifest.Lambda, func(m *manifest.Manifest) { m.Secrets = map[string]string{"A": ""} })},
		{what: "`alarm_email`: the key of the alarms' topic", change: func(e *Environment) { e.AlarmEmail = new("") }},
	}
}
