package console_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"example.com/localcloud/tap"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/record"
)

// Goals for the console's performance.
const (
	keptExecutions = 10_000
	eventsOfEach   = 10  // per execution
	eventsASecond  = 500 // arriving
)

// BenchmarkKept queries a console that holds the maximum number of executions.
func BenchmarkKept(b *testing.B) {
	f := newFlood(b)
	before := heap()
	f.fill()
	kept := heap() - before
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(kept/1e6, "MB")
	})
	last := f.execution(f.sent / eventsOfEach)
	for _, test := range []struct{ name, path string }{
		{"newest", "/api/executions"},
		{"search subject", "/api/executions?q=s-500.&limit=50"},
		{"search nothing", "/api/executions?q=nothing+at+all"},
		{"failed", "/api/executions?state=failed"},
		{"execution", "/api/executions/" + last},
		{"diagram", "/api/executions/" + last + "/diagram.svg"},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				f.ask(http.MethodGet, test.path, "", nil)
			}
		})
	}
}

// BenchmarkLive delivers events for one second per iteration while a browser watches, which reloads the list as often
// as the page does. It reports how soon a change arrives, and the console's CPU time per second with and without a
// browser, without that of the events themselves.
func BenchmarkLive(b *testing.B) {
	f := newFlood(b)
	f.fill()
	for _, watched := range []bool{false, true} {
		b.Run(fmt.Sprintf("watched %t", watched), func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			var seen *browser
			if watched {
				seen = f.watch(ctx)
			}
			began, busy := time.Now(), processor()
			for range b.N {
				f.second()
			}
			b.ReportMetric((processor()-busy).Seconds()/time.Since(began).Seconds(), "cpus")
			cancel()
			if watched {
				seen.report(b)
			}
		})
	}
}

// flood is a console that can be fed events at any rate.
type flood struct {
	*playing
	kinds []string // of event
	sent  int
	read  atomic.Int64 // publications that the console has read
}

func newFlood(b *testing.B) *flood {
	f := &flood{}
	f.playing = play(b, func(o *console.Options) { o.Source = counted{o.Source, &f.read} })
	for _, s := range f.wired.Services {
		for _, r := range s.Rules {
			if kind := r.Pattern.DetailType[0]; !slices.Contains(f.kinds, kind) {
				f.kinds = append(f.kinds, kind)
			}
		}
	}
	return f
}

func (f *flood) execution(n int) string { return fmt.Sprintf("execution-%d", n) }

// fill fills the console up to its limits.
func (f *flood) fill() {
	for range keptExecutions * eventsOfEach {
		f.event()
		for int64(f.sent)-f.read.Load() > 50 { // more than its buffers hold would be lost
			runtime.Gosched()
		}
	}
}

// second delivers events evenly for one second.
func (f *flood) second() {
	tick := time.NewTicker(time.Second / eventsASecond)
	defer tick.Stop()
	for range eventsASecond {
		<-tick.C
		f.event()
	}
}

// event reports what the local cloud reports for one event: each rule it matches, each queue it reaches, and a step
// for each subscriber.
func (f *flood) event() {
	kind := f.kinds[f.sent%len(f.kinds)]
	id, execution := fmt.Sprintf("event-%d", f.sent), f.execution(f.sent/eventsOfEach)
	subject := "s-" + strings.TrimPrefix(execution, "execution-")
	data := fmt.Sprintf(`{"id": %q, "note": %q}`, subject, strings.Repeat("x", 200))
	body := fmt.Appendf(nil, `{"detail-type": %q, "detail": {"metadata": {"id": %q, "type": %q, "subject": %q, "correlationId": %q}, "data": %s}}`, kind, id, kind, subject, execution, data)
	report := func(kind tap.Kind, resource, from string) {
		f.cloud.Tap.Tell(tap.Hop{Kind: kind, Resource: resource, From: from, MessageID: id, Body: body})
	}
	report(tap.Published, f.wired.Names.BusARN(), "")
	for _, s := range f.wired.Services {
		for _, r := range s.Rules {
			if r.Pattern.DetailType[0] != kind {
				report(tap.Skipped, r.ARN, f.wired.Names.BusARN())
				continue
			}
			for _, passed := range []tap.Kind{tap.Delivered, tap.Received, tap.Deleted} {
				report(passed, s.Queue.ARN, r.ARN)
			}
			f.source.Step(events.Step{
				Service: s.Name, Handler: "Desk.Do", EventID: id, EventType: kind, Subject: subject, CorrelationID: execution, Attempt: 1,
				StartedAt: time.Now(), DurationMS: 3, Outcome: events.Handled, In: json.RawMessage(data),
			})
		}
	}
	f.sent++
}

// counted counts the publications that a source reports.
type counted struct {
	record.Source
	n *atomic.Int64
}

func (c counted) Read(ctx context.Context, to record.Sink) error {
	return c.Source.Read(ctx, countedSink{to, c.n})
}

type countedSink struct {
	record.Sink
	n *atomic.Int64
}

func (c countedSink) Hop(hop record.Hop) {
	if hop.Kind == record.Published {
		c.n.Add(1)
	}
	c.Sink.Hop(hop)
}

// browser does what the page does, and measures.
type browser struct {
	delays []time.Duration // from an execution's start to the frame that contains it
	missed int
	lists  []time.Duration // how long loading the list took
	lost   int
	ended  chan struct{}
}

func (f *flood) watch(ctx context.Context) *browser {
	b := &browser{ended: make(chan struct{})}
	stream := f.get(ctx, "/api/stream")
	go func() {
		defer close(b.ended)
		defer stream.Close()
		lines := bufio.NewScanner(stream)
		lines.Buffer(nil, 1<<20)
		known := map[string]bool{}
		for lines.Scan() {
			switch data, is := strings.CutPrefix(lines.Text(), "data: "); {
			case strings.HasPrefix(lines.Text(), "event: missed"):
				b.missed++
			case is && strings.Contains(data, `"executions"`):
				b.frame(data, known)
				b.list(f, ctx)
			}
		}
	}()
	return b
}

func (b *browser) frame(data string, known map[string]bool) {
	var frame struct {
		Executions []record.Summary
		Lost       int
	}
	_ = json.Unmarshal([]byte(data), &frame)
	b.lost = frame.Lost
	for _, e := range frame.Executions {
		if !known[e.ID] && len(known) > 0 { // the first frame may contain earlier executions
			b.delays = append(b.delays, time.Since(e.StartedAt))
		}
		known[e.ID] = true
	}
}

func (b *browser) list(f *flood, ctx context.Context) {
	began := time.Now()
	body := f.get(ctx, "/api/executions?q=lamp")
	if body == nil {
		return // the stream has ended
	}
	_, _ = io.Copy(io.Discard, body)
	_ = body.Close()
	b.lists = append(b.lists, time.Since(began))
}

func (f *flood) get(ctx context.Context, path string) io.ReadCloser {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL+path, nil)
	if err != nil {
		return nil
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil
	}
	return response.Body
}

func (b *browser) report(to *testing.B) {
	<-b.ended
	for name, all := range map[string][]time.Duration{"seen": b.delays, "list": b.lists} {
		slices.Sort(all)
		to.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, name+"-p50-ms")
		to.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, name+"-p99-ms")
	}
	to.ReportMetric(float64(b.missed), "missed")
	to.ReportMetric(float64(b.lost), "lost")
}

// heap returns the number of bytes in use.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// processor returns the CPU time of this process.
func processor() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
