package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/lab/scale/model"
)

// page is what the command has found out.
type page struct {
	options
	Story    string
	prices   *cost.Prices
	quotas   *cost.Quotas
	flow     model.Flow
	variants []*variant
}

// render returns the page as Markdown.
func (p *page) render() []byte {
	var b bytes.Buffer
	say := func(format string, values ...any) { fmt.Fprintf(&b, format+"\n", values...) }
	say("# %s requests a second, in a model\n", surge.Rate(p.rate))
	say("`make scale` makes this page: it plays the story %s in the local cloud, and carries its first execution %s times a second\n"+
		"for %s through a model of AWS in %s, in virtual time. The model knows default quotas, concurrency, back-off and autoscaling;\n"+
		"it does not know cold starts, hot partitions and an account's own agreements. Latencies of AWS are those that `make cost` assumes.\n",
		p.Story, surge.Rate(p.rate), span(p.seconds), p.region)
	p.needs(say)
	for _, v := range p.variants {
		p.variant(v, say)
	}
	return b.Bytes()
}

// needs writes what has to be raised.
func (p *page) needs(say func(string, ...any)) {
	say("## What has to be raised\n")
	say("| limit | of | by default | needed | |\n| --- | --- | ---: | ---: | --- |")
	declared, pollers := p.variants[0], p.quotas.Of("lambda-sqs-concurrency").Value
	for _, n := range model.Needs(declared.flow, declared.limits, p.rate) {
		whose := "the account"
		if n.Service != model.Account {
			whose = declared.flow.Services[n.Service].Name
		}
		verdict := "enough"
		switch {
		case n.Kind == model.MaxFunctions && n.Needs > pollers:
			verdict = fmt.Sprintf("**more than the %s that a queue can invoke: split it, or run a worker**", number(pollers))
		case n.Short():
			verdict = fmt.Sprintf("**× %s**", surge.Rate(math.Ceil(10*n.Needs/n.Has)/10))
		}
		say("| %s | %s | %s | %s | %s |", n.Kind, whose, number(n.Has), number(n.Needs), verdict)
	}
	say("")
}

// variant writes what became of the load in one variant.
func (p *page) variant(v *variant, say func(string, ...any)) {
	r := v.result
	say("## %s\n", v.name)
	say("%s%s.\n", strings.ToUpper(v.text[:1]), v.text[1:])
	say("%s", p.verdict(r))
	say("An hour of this costs %s dollars, beside what stands there idle.\n", number(v.hour))
	say("| service | runs as | waiting, at most | oldest | concurrency | throttled by its table | by PutEvents | by SNS | dead letters | waiting, over time |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
	for i, s := range r.Services {
		as := "function"
		if v.flow.Services[i].Worker {
			as = "worker"
		}
		say("| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |", s.Name, as, number(s.Peak.Waiting), span(s.Peak.Oldest), number(s.Concurrency), number(s.Throttled.Table), number(s.Throttled.Bus), number(s.Throttled.Topics), number(s.DeadLetters), spark(s.Waiting))
	}
	if r.Bus.Waiting >= 1 {
		say("\nAt most %s events waited on the bus for their delivery, the oldest for %s.", number(r.Bus.Waiting), span(r.Bus.Oldest))
	}
	say("")
}

// verdict says in words what became of the requests.
func (p *page) verdict(r *model.Result) string {
	var refused []string
	for _, part := range []struct {
		n    float64
		text string
	}{
		{r.Refused.Gateway, "by API Gateway (429)"},
		{r.Refused.Functions, "because no instance of a function was free (503)"},
		{r.Refused.Throttled, "because a table or the bus was throttled (503)"},
	} {
		if part.n >= 1 {
			refused = append(refused, number(part.n)+" "+part.text)
		}
	}
	text := fmt.Sprintf("Of %s requests none was refused.", number(r.Arrived))
	if len(refused) > 0 {
		text = fmt.Sprintf("Of %s requests %s were refused: %s. A client that does not repeat them loses them.", number(r.Arrived), number(r.Refused.Sum()), strings.Join(refused, ", "))
	}
	switch {
	case !r.Drained:
		text += fmt.Sprintf(" %s after the last request there is still work.", span(r.Lag))
	case r.Lag < 2:
		text += " Everything is handled as it comes."
	default:
		text += fmt.Sprintf(" Everything is handled %s after the last request.", span(r.Lag))
	}
	var dead float64
	for _, s := range r.Services {
		dead += s.DeadLetters
	}
	if dead >= 1 {
		text += fmt.Sprintf(" **%s messages are in dead-letter queues.**", number(dead))
	}
	return text
}

// number formats a number with at most two digits after the point.
func number(n float64) string {
	if n < 10 && n != math.Trunc(n) {
		return fmt.Sprintf("%.2g", n)
	}
	return cli.Thousands(int(math.Round(n)))
}

// span formats seconds as people say them.
func span(seconds float64) string {
	if seconds < 10 {
		return fmt.Sprintf("%.1f s", seconds)
	}
	return time.Duration(math.Round(seconds) * float64(time.Second)).String()
}

// sparkColumns is the width of a chart, in characters.
const sparkColumns = 24

// spark draws a series that begins at 0 as a line of blocks.
func spark(series []float64) string {
	most, blocks := 0.0, []rune(" ▁▂▃▄▅▆▇█")
	for _, n := range series {
		most = max(most, n)
	}
	if most < 1 {
		return ""
	}
	columns := min(sparkColumns, len(series))
	var line []rune
	for i := range columns {
		high := 0.0
		for _, n := range series[i*len(series)/columns : (i+1)*len(series)/columns] {
			high = max(high, n)
		}
		line = append(line, blocks[int(math.Ceil(high/most*float64(len(blocks)-1)))])
	}
	return "`" + string(line) + "`"
}
