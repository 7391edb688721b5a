package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/scripts/internal/cli"
)

func TestSample(t *testing.T) {
	for _, test := range []struct {
		values        sample
		median, worst float64
		shown         string
	}{
		{sample{3}, 3, 3, "3.0 (3.0–3.0)"},
		{sample{4, 1, 3, 2}, 2, 4, "2.0 (1.0–4.0)"},
		{sample{5, 1, 3}, 3, 5, "3.0 (1.0–5.0)"},
		{sample{5, unknown}, 5, 5, "not known"},
		{nil, unknown, unknown, "not known"},
	} {
		if shown := test.values.show(1); shown != test.shown {
			t.Errorf("%v is shown as %q, want %q", test.values, shown, test.shown)
		}
		if test.shown == "not known" {
			continue
		}
		if median, worst := test.values.median(), test.values.at(0.99); median != test.median || worst != test.worst {
			t.Errorf("%v has the median %v and p99 %v, want %v and %v", test.values, median, worst, test.median, test.worst)
		}
	}
}

// series of the given rates, over those of a null server of 100.
func seriesOf(rates ...float64) (s series) {
	for _, r := range rates {
		s = append(s, turn{cloud: figure{rate: r, cpu: 100 / r}, null: figure{rate: 100, cpu: 1}})
	}
	return s
}

func TestGoals(t *testing.T) {
	var r report
	r.networkGoals("SQS", seriesOf(90, 95, 99), seriesOf(70, 79, 200))
	r.networkGoals("SNS", seriesOf(80, 90, 10))
	want := []goal{
		{"SQS: throughput to the ceiling's", "≥ 0.8", "0.79 (0.70–2.00)", false},
		{"SQS: server CPU to the ceiling's", "≤ 1.5", "1.27 (0.50–1.43)", true},
		{"SNS: throughput to the ceiling's", "≥ 0.8", "0.80 (0.10–0.90)", true},
		{"SNS: server CPU to the ceiling's", "≤ 1.5", "1.25 (1.11–10.00)", true},
	}
	if diff := cmp.Diff(want, r.Goals); diff != "" {
		t.Error(diff)
	}
}

func TestReport(t *testing.T) {
	r := report{began: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), took: 61 * time.Second, Machine: "2 CPUs"}
	r.start(sample{20, 120, 110}, sample{25})
	text, err := r.render()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"| ready after, ms | ≤ 100 | 110 (20–120) | **no** |",
		"| idle memory, MB | ≤ 30 | 25.0 (25.0–25.0) | yes |",
		"| local cloud | 110 (20–120) | 25.0 (25.0–25.0) |",
	} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("the report has no line %q:\n%s", line, text)
		}
	}
}

func TestReadBenchmarks(t *testing.T) {
	const output = `goos: linux
BenchmarkSet/rules=1     	    1000	       900.0 ns/op	   1111111 events/s	         1.000 matches/event	       0 B/op	       0 allocs/op
BenchmarkSet/rules=10    	    1000	      2000 ns/op	    500000 events/s	         1.000 matches/event	       1 B/op	       0 allocs/op
BenchmarkSet/rules=10    	    1000	      2500 ns/op	    400000 events/s	         1.000 matches/event	       1 B/op	       2 allocs/op
PASS
`
	all, err := readBenchmarks([]byte(output))
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	if got := *all[1]; got.rules != "10" || !cmp.Equal(got.rate, sample{500000, 400000}) || !cmp.Equal(got.allocs, sample{0, 2}) {
		t.Errorf("%+v", got)
	}
	if _, err := readBenchmarks([]byte("FAIL\n")); err == nil {
		t.Error("no error though there is no benchmark")
	}
}

func TestUsage(t *testing.T) {
	for _, test := range []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"-h"}, 0, "-only sqs,sns"},
		{[]string{"-only", "sqss"}, cli.ExitUsage, `there is no part "sqss": there are matcher, start, sqs`},
		{[]string{"all"}, cli.ExitUsage, `"all" is no flag`},
		{[]string{"-fast"}, cli.ExitUsage, "-fast"},
	} {
		var problems bytes.Buffer
		if code := cli.Run(t.Context(), run, test.arguments, cli.Terminal{Out: &problems, Err: &problems}); code != test.code || !strings.Contains(problems.String(), test.says) {
			t.Errorf("%v ends with %d and\n%s\nwant %d and %q", test.arguments, code, &problems, test.code, test.says)
		}
	}
}
