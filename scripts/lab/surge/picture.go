package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/surge"
)

// chartWidth is the width of a chart, in characters.
const chartWidth = 30

// measure is one line of the picture: a number over time, in both worlds on the same scale.
type measure struct {
	name, colour string
	value        func(surge.Sample, surge.Count) float64
	figure       func(float64) string
}

var measures = []measure{
	{"arrived", "", func(s surge.Sample, _ surge.Count) float64 { return float64(s.Arrived) }, whole},
	{"waiting", "33", func(_ surge.Sample, c surge.Count) float64 { return float64(c.Waiting) }, whole},
	{"oldest", "33", func(_ surge.Sample, c surge.Count) float64 { return c.OldestSeconds }, seconds},
	{"refused", "31", func(_ surge.Sample, c surge.Count) float64 { return float64(c.Refused) }, whole},
	{"lost", "31", func(_ surge.Sample, c surge.Count) float64 { return float64(c.Lost) }, whole},
	{"done", "32", func(_ surge.Sample, c surge.Count) float64 { return float64(c.Completed) }, whole},
}

func whole(n float64) string   { return cli.Thousands(int(n)) }
func seconds(n float64) string { return fmt.Sprintf("%.1f s", n) }

// picture draws a run as text: the charts, each with its highest number or, for numbers that only grow, the last.
func picture(r *surge.Run, colours bool) string {
	var b strings.Builder
	paint := func(colour, text string) string {
		if !colours || colour == "" {
			return text
		}
		return "\x1b[" + colour + "m" + text + "\x1b[0m"
	}
	fmt.Fprintf(&b, "%s to %s: %s a second in for %g s, %s a second out; %.0f of %.0f s\n", r.Event, r.Service, surge.Rate(r.Burst.Rate), r.Burst.Seconds,
		surge.Rate(r.Burst.Capacity), r.Last().At, r.Expected())
	fmt.Fprintf(&b, "%-8s %-*s  %-9s   %-*s\n", "", chartWidth, "straight to the worker", "highest", chartWidth, "through a queue")
	for _, m := range measures {
		webhook, queue := m.series(r)
		most := max(highest(webhook), highest(queue))
		fmt.Fprintf(&b, "%-8s %s  %-9s   %s  %-9s\n", m.name,
			paint(m.colour, spark(webhook, most)), m.figure(highest(webhook)), paint(m.colour, spark(queue, most)), m.figure(highest(queue)))
	}
	return b.String()
}

// series spreads the samples so far over the width of a chart.
func (m measure) series(r *surge.Run) (webhook, queue []float64) {
	expected := r.Expected()
	at := 0
	for column := range chartWidth {
		until := expected * float64(column+1) / chartWidth
		var inWebhook, inQueue float64
		found := false
		for ; at < len(r.Samples) && r.Samples[at].At <= until; at++ {
			s := r.Samples[at]
			inWebhook, inQueue, found = max(inWebhook, m.value(s, s.Webhook)), max(inQueue, m.value(s, s.Queue)), true
		}
		if !found && at == len(r.Samples) {
			break
		}
		if !found && column > 0 { // samples are further apart than columns
			inWebhook, inQueue = webhook[column-1], queue[column-1]
		}
		webhook, queue = append(webhook, inWebhook), append(queue, inQueue)
	}
	return webhook, queue
}

func highest(series []float64) (most float64) {
	for _, n := range series {
		most = max(most, n)
	}
	return most
}

// eighths are the heights of a bar.
var eighths = []rune("▁▂▃▄▅▆▇█")

// spark draws a series on one line; zero is empty.
func spark(series []float64, most float64) string {
	line := []rune(strings.Repeat(" ", chartWidth))
	for i, n := range series {
		if n > 0 && most > 0 {
			line[i] = eighths[min(len(eighths)-1, int(n/most*float64(len(eighths))))]
		}
	}
	return string(line)
}

// sender names the sender of the direct events.
func sender(r *surge.Run) string {
	if r.Channel == events.SNS {
		return "SNS"
	}
	return "this command, which posted them (the channel " + string(r.Channel) + " has no way over HTTP here),"
}

// evidence names what the events were counted by.
func evidence(r *surge.Run) string {
	if r.Result.Records {
		return "records in its database, commits in its log"
	}
	return "commits in its log"
}

// conclusion describes what the run has shown.
func conclusion(r *surge.Run) string {
	w, q, b := r.Result.Webhook, r.Result.Queue, r.Burst
	var t strings.Builder
	fmt.Fprintf(&t, "Straight to %s: %s of %s events done, %s lost. It refused %s deliveries; %s\n  retried each %d times, %g s apart, and gave up.\n", r.Service,
		cli.Thousands(w.Completed), cli.Thousands(w.Published), cli.Thousands(w.Lost), cli.Thousands(r.Last().Webhook.Refused), sender(r), r.Retry.Times, r.Retry.Seconds)
	fmt.Fprintf(&t, "Through a queue: %s of %s done, %s lost, %s done twice, by event ID: %s.\n  %s deliveries were repeats, which had no effect.\n",
		cli.Thousands(q.Completed), cli.Thousands(q.Published), cli.Thousands(q.Lost), cli.Thousands(q.Twice), evidence(r), cli.Thousands(q.Repeated))
	fmt.Fprintf(&t, "The backlog of %s took %.1f s to drain (%s / %s a second = %.1f s).\n", cli.Thousands(b.Backlog(1)), q.DrainSeconds,
		cli.Thousands(b.Backlog(1)), surge.Rate(b.Capacity), b.Drain(1).Seconds())
	if n := b.Consumers(time.Minute); n > 1 {
		fmt.Fprintf(&t, "%d such consumers would drain it within a minute (%.0f s), if their database can keep up.\n", n, b.Drain(n).Seconds())
	} else {
		fmt.Fprintf(&t, "One such consumer drains it within a minute.\n")
	}
	if reached := float64(q.Published) / r.Result.Seconds; reached < 0.95*b.Rate {
		fmt.Fprintf(&t, "The burst arrived at %s per second, not at %s: this machine was too busy.\n", surge.Rate(math.Round(reached)), surge.Rate(b.Rate))
	}
	if note := r.Scaled(); note != "" {
		t.WriteString(note + "\n")
	}
	return t.String()
}
