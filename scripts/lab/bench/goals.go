package main

import (
	"cmp"
	"fmt"
	"slices"
)

// goal compares the median of a figure with its goal on a machine with two CPUs.
type goal struct {
	What, Want, Got string
	Met             bool
}

func (r *report) atLeast(what string, want float64, got sample, digits int) {
	r.Goals = append(r.Goals, goal{what, fmt.Sprintf("≥ %v", want), got.show(digits), got.median() >= want})
}

func (r *report) atMost(what string, want float64, got sample, digits int) {
	r.Goals = append(r.Goals, goal{what, fmt.Sprintf("≤ %v", want), got.show(digits), got.median() <= want})
}

var networkHead = []string{"", "messages/s", "ceiling", "ratio", "server CPU, µs a message", "of the ceiling's", "ratio"}

// network reports a series over the network.
func (r *report) network(title, name string, s series) {
	r.add(title, networkHead, name,
		s.cloud(rate).show(0), s.null(rate).show(0), s.ratio(rate).show(2),
		s.cloud(cpu).show(0), s.null(cpu).show(0), s.ratio(cpu).show(2))
}

// networkGoals sets the same goal for each series of a title; the worst one decides.
func (r *report) networkGoals(title string, all ...series) {
	r.atLeast(title+": throughput to the ceiling's", 0.8, worst(all, rate, -1), 2)
	r.atMost(title+": server CPU to the ceiling's", 1.5, worst(all, cpu, 1), 2)
}

// worst returns the ratios with the lowest median, or with the highest if more is worse.
func worst(all []series, of func(figure) float64, more float64) sample {
	return slices.MaxFunc(samples(all, of), func(a, b sample) int { return cmp.Compare(more*a.median(), more*b.median()) })
}

func samples(all []series, of func(figure) float64) (ratios []sample) {
	for _, s := range all {
		ratios = append(ratios, s.ratio(of))
	}
	return ratios
}

var latencyHead = []string{"ms from PutEvents or Publish to the consumer", "p50", "ceiling", "ratio", "p99", "ceiling", "ratio"}

// latency reports how long messages took.
func (r *report) latency(name string, s series) {
	r.add("Latency", latencyHead, name,
		s.cloud(p50).show(2), s.null(p50).show(2), s.ratio(p50).show(2),
		s.cloud(p99).show(2), s.null(p99).show(2), s.ratio(p99).show(2))
}

// steady reports the latency at a moderate rate, for which there is a goal.
func (r *report) steady(name string, s series) {
	r.latency(name, s)
	r.atMost(name+": p50 to the ceiling's", 1.3, s.ratio(p50), 2)
	r.atMost(name+": p99 to the ceiling's", 1.3, s.ratio(p99), 2)
}

// matcherGoals are the goals in events per second on one core, by the number of rules.
var matcherGoals = map[string]float64{"10": 300_000, "10000": 100_000}

func (r *report) matcher(all []*matched) {
	head := []string{"rules", "events/s on one core", "B/event", "allocations/event"}
	for _, m := range all {
		r.add("Matcher", head, m.rules, m.rate.show(0), m.bytes.show(0), m.allocs.show(0))
		if want, ok := matcherGoals[m.rules]; ok {
			r.atLeast("matcher with "+m.rules+" rules, events/s on one core", want, m.rate, 0)
		}
	}
}

func (r *report) start(ready, memory sample) {
	head := []string{"", "ready after, ms", "idle memory, MB"}
	r.add("Start", head, "local cloud", ready.show(0), memory.show(1))
	r.atMost("ready after, ms", 100, ready, 0)
	r.atMost("idle memory, MB", 30, memory, 1)
}

func (r *report) service(name string, ready sample, megabytes float64) {
	r.add("Services", []string{"", "ready after, ms", "binary, MB"}, name, ready.show(0), fmt.Sprintf("%.1f", megabytes))
}

// save reports how long a saved file took to serve, and what it cost beside a go build of the service.
func (r *report) save(name string, took, used, alone sample) {
	var ratio sample
	for i := range used {
		ratio = append(ratio, used[i]/alone[i]) // unknown, too, where one is
	}
	r.add("Save", []string{"make up, from a saved file to", "serving after, s", "CPU, s", "CPU of a go build, s", "ratio"},
		name, took.show(2), used.show(2), alone.show(2), ratio.show(2))
	r.atMost("from a saved file to its new version serving, s", 2, took, 2)
}

// function reports how fast a function starts beside hello world, and how large it is.
func (r *report) function(name string, took, least sample, binary, packed float64) {
	var ratio sample
	for i := range took {
		ratio = append(ratio, took[i]/least[i])
	}
	r.add("Functions", []string{"", "first request after, ms", "of hello world's", "binary, MB", "zip, MB"},
		name, took.show(1), ratio.show(2), fmt.Sprintf("%.1f", binary), fmt.Sprintf("%.1f", packed))
	if name != hello {
		r.atMost("start of "+name+" to hello world's", 2.2, ratio, 2)
		r.atMost("binary of "+name+", MB", 13, sample{binary}, 1)
		r.atMost("zip of "+name+", MB", 4.6, sample{packed}, 1)
	}
}

// memory reports what is kept of each execution, and what that comes to in an hour. rest is what is left without
// tables and queues.
func (r *report) memory(story string, looks []kept, rest kept) {
	last := looks[len(looks)-1]
	growth := slope(looks, func(k kept) float64 { return k.heap })
	state := (last.heap - rest.heap) / float64(last.executions) // of an execution, in tables and queues
	hour := (rest.heap + (growth-state)*float64(hourlyRate*60*60-last.executions)) / 1e6
	whole := func(value float64) string { return fmt.Sprintf("%.0f", value) }
	r.add("Memory", []string{"cloud and console", "executions", "heap, MB", "without tables and queues", "bytes an execution", "of it in tables and queues", "the tables' own size"},
		story, fmt.Sprint(last.executions), whole(last.heap/1e6), whole(rest.heap/1e6), whole(growth), whole(state), whole(last.tables/float64(last.executions)))
	r.atMost(fmt.Sprintf("heap after an hour at %d executions a second, without tables and queues, MB", hourlyRate), 400, sample{hour}, 0)
	r.atMost("memory of tables and queues to the tables' own size", 2, sample{state * float64(last.executions) / last.tables}, 2)
}

// flow reports how many times per second a story passed through all services.
func (r *report) flow(story string, rounds []round) {
	of := func(n func(round) int, per func(round) float64) (values sample) {
		for _, played := range rounds {
			values = append(values, float64(n(played))/per(played))
		}
		return values
	}
	second := func(played round) float64 { return played.took.Seconds() }
	messages := func(played round) int { return played.messages }
	rates := of(messages, second)
	r.add("Flow", []string{"", "stories/s", "executions/s", "messages handled/s", "messages handled a story"}, fmt.Sprintf("%s, %d customers", story, customers),
		of(func(played round) int { return played.stories }, second).show(0),
		of(func(played round) int { return played.executions }, second).show(0),
		rates.show(0),
		of(messages, func(played round) float64 { return float64(played.stories) }).show(1))
	r.atLeast("messages handled/s in the flow", 900, rates, 0)
}
