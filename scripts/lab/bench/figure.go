package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// unknown is a figure that could not be read.
var unknown = math.NaN()

// figure is the result of one measurement of one server.
type figure struct {
	rate     float64 // messages per second
	cpu      float64 // microseconds of the server's CPU time per message
	p50, p99 float64 // milliseconds from send to receive
}

// turn is a measurement of the local cloud, followed by one of the null server.
type turn struct{ cloud, null figure }

// series contains the turns of one benchmark.
type series []turn

// sample contains the values of one figure in a series.
type sample []float64

func (s series) sample(of func(turn) float64) (values sample) {
	for _, t := range s {
		values = append(values, of(t))
	}
	return values
}

func (s series) cloud(of func(figure) float64) sample {
	return s.sample(func(t turn) float64 { return of(t.cloud) })
}

func (s series) null(of func(figure) float64) sample {
	return s.sample(func(t turn) float64 { return of(t.null) })
}

// ratio returns the local cloud's figure divided by the null server's, for each turn.
func (s series) ratio(of func(figure) float64) sample {
	return s.sample(func(t turn) float64 { return of(t.cloud) / of(t.null) })
}

func rate(f figure) float64 { return f.rate }
func cpu(f figure) float64  { return f.cpu }
func p50(f figure) float64  { return f.p50 }
func p99(f figure) float64  { return f.p99 }

// median returns the middle value, the lower one of two.
func (s sample) median() float64 { return s.at(0.5) }

// at returns the quantile of a sample.
func (s sample) at(part float64) float64 {
	if len(s) == 0 {
		return unknown
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[max(0, int(math.Ceil(part*float64(len(sorted))))-1)]
}

// show formats the median, the minimum and the maximum with a number of decimals.
func (s sample) show(digits int) string {
	if len(s) == 0 || slices.ContainsFunc(s, math.IsNaN) {
		return "not known"
	}
	return fmt.Sprintf("%.*f (%.*f–%.*f)", digits, s.median(), digits, slices.Min(s), digits, slices.Max(s))
}

// latencies adds the quantiles of delays to a figure.
func (f figure) latencies(delays []time.Duration) figure {
	var all sample
	for _, d := range delays {
		all = append(all, float64(d)/float64(time.Millisecond))
	}
	f.p50, f.p99 = all.at(0.5), all.at(0.99)
	return f
}
