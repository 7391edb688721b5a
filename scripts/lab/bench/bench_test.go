package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/lab/fixture"
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

// seriesOf returns a series with the given rates, each next to a null server's rate of 100.
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
	r.service("mill", sample{31, 30}, 12.34)
	r.save("mill", sample{1.5, 2.5, 2.25}, sample{3, 3, 3}, sample{2, 1, 3})
	r.flow("demo/ground", []round{{stories: 100, executions: 200, messages: 900, took: time.Second}, {stories: 100, executions: 200, messages: 902, took: 2 * time.Second}})
	r.memory("demo/ground", []kept{{1000, 50e6, 10e6}, {3000, 74e6, 30e6}, {2000, 62e6, 20e6}}, kept{2000, 44e6, 0})
	text, err := r.render()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"| ready after, ms | ≤ 100 | 110 (20–120) | **no** |",
		"| idle memory, MB | ≤ 30 | 25.0 (25.0–25.0) | yes |",
		"| local cloud | 110 (20–120) | 25.0 (25.0–25.0) |",
		"| mill | 30 (30–31) | 12.3 |",
		"| from a saved file to its new version serving, s | ≤ 2 | 2.25 (1.50–2.50) | **no** |",
		"| mill | 2.25 (1.50–2.50) | 3.00 (3.00–3.00) | 2.00 (1.00–3.00) | 1.50 (1.00–3.00) |",
		"| demo/ground, 16 customers | 50 (50–100) | 100 (100–200) | 451 (451–900) | 9.0 (9.0–9.0) |",
		"| messages handled/s in the flow | ≥ 900 | 451 (451–900) | **no** |",
		"| demo/ground | 2000 | 62 | 44 | 12000 | 9000 | 10000 |",
		"| heap after an hour at 20 executions a second, without tables and queues, MB | ≤ 400 | 254 (254–254) | yes |",
		"| memory of tables and queues to the tables' own size | ≤ 2 | 0.90 (0.90–0.90) | yes |",
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

// TestCustomersPart checks which lines of a story remain.
func TestCustomersPart(t *testing.T) {
	for _, test := range []struct{ story, part, err string }{
		{"request POST /visits\nstatus 202\nuntil GET /visits/1 .state booked\nsettle\nrequest GET /visits/1\nanswer .state booked", "request POST /visits|status 202", ""},
		{"publish visit.booked.v1\nsaw desk visit.booked.v1\nset id 1\nrequest DELETE /visits/1\nsettle", "publish visit.booked.v1|saw desk visit.booked.v1|set id 1|request DELETE /visits/1", ""},
		{"publish visit.booked.v1\nsettle\nrequest DELETE /visits/1", "", "services/stories/a.txtar:2: settle waits until everything is handled"},
		{"request GET /visits/1\nstatus 404", "", "services/stories/a.txtar begins nothing"},
	} {
		story, err := stories.Parse("services/stories/a.txtar", []byte(test.story))
		if err != nil {
			t.Fatal(err)
		}
		part, err := customersPart(story)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%q: %v, want %s", test.story, err, test.err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, line := range part.Lines {
			lines = append(lines, line.Text)
		}
		if got := strings.Join(lines, "|"); got != test.part {
			t.Errorf("%q leaves %q, want %q", test.story, got, test.part)
		}
	}
}

// TestChooseStory checks the choice: the first of the demo, the named one, or none.
func TestChooseStory(t *testing.T) {
	root := fixture.Tree(t, "observatory")
	for name, want := range map[string]string{"": "demo/cloudy", "demo/full": "demo/full", "retried": "retried"} {
		if story, err := stories.Choose(root, name, (*stories.Story).Demo); err != nil || story.Name != want {
			t.Errorf("%q: %v, %v", name, story, err)
		}
	}
	if _, err := stories.Choose(root, "none", (*stories.Story).Demo); err == nil || !strings.Contains(err.Error(), `there is no story "none": there are demo/cloudy, demo/completed`) {
		t.Errorf("an unknown one: %v", err)
	}
	if story, err := stories.Choose(t.TempDir(), "", (*stories.Story).Demo); err != nil || story != nil {
		t.Errorf("without stories: %v, %v", story, err)
	}
}

// TestFlow measures the flow and the memory of a system other than the sample, briefly.
func TestFlow(t *testing.T) {
	t.Chdir(fixture.Tree(t, "observatory"))
	var out, problems bytes.Buffer
	code := cli.Run(t.Context(), run, []string{"-quick", "-only", "services,flow,memory", "-o", "report.md"}, cli.Terminal{Out: &out, Err: &problems})
	report, err := os.ReadFile("report.md")
	if code != 0 || err != nil {
		t.Fatalf("code %d, %v\n%s", code, err, &problems)
	}
	for _, want := range []string{"\n| dome | ", "\n| scheduling | ", "\n| demo/cloudy, 16 customers | "} {
		if !strings.Contains(string(report), want) {
			t.Errorf("the report has no line %q:\n%s", want, report)
		}
	}
	if !regexp.MustCompile(`\| demo/cloudy, .*\| 4\.0 \(4\.0–4\.0\) \|\n`).Match(report) {
		t.Errorf("a story is not four messages:\n%s", report)
	}
	if !regexp.MustCompile(`\| demo/cloudy, 16 customers \| 60 \| \d+ \| \d+ \| -?\d+ \| -?\d+ \| [1-9]\d* \|\n`).Match(report) {
		t.Errorf("no memory of 60 executions, with tables:\n%s", report)
	}
}

func TestUsage(t *testing.T) {
	call := clitest.Caller(t, run)
	call("-h", 0, "-only sqs,sns")
	call("-only sqss", cli.ExitUsage, `there is no part "sqss": there are matcher, start, services, save, sqs`)
	call("all", cli.ExitUsage, `unexpected argument "all"`)
	call("-fast", cli.ExitUsage, "-fast")
}
