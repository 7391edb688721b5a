package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// matcherPackage contains the matcher's benchmark: rules of eight kinds, events of 800 bytes.
const matcherPackage = "./eventbridge/pattern"

// matched is the matcher's result for a number of rules.
type matched struct {
	rules               string
	rate, bytes, allocs sample // events per second; per match
}

// matcher measures the matcher alone on one core.
func (r *session) matcher(ctx context.Context) error {
	r.progress("matcher")
	command := exec.CommandContext(ctx, "go", "test", "-run=^$", "-bench=^BenchmarkSet$", "-cpu=1",
		"-benchtime="+r.scale.benchmark.String(), fmt.Sprintf("-count=%d", r.scale.repeats), matcherPackage)
	command.Dir = filepath.Join(r.root, "scripts", "cloud") // another module
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("go test -bench: %w\n%s", err, output)
	}
	all, err := readBenchmarks(output)
	if err != nil {
		return err
	}
	r.report.matcher(all)
	return nil
}

// readBenchmarks reads lines such as
//
//	BenchmarkSet/rules=10   219430   2711 ns/op   368848 events/s   0.45 matches/event   0 B/op   0 allocs/op
func readBenchmarks(output []byte) (all []*matched, err error) {
	lines := bufio.NewScanner(bytes.NewReader(output))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "BenchmarkSet/rules=") {
			continue
		}
		rules := strings.TrimPrefix(fields[0], "BenchmarkSet/rules=")
		if len(all) == 0 || all[len(all)-1].rules != rules {
			all = append(all, &matched{rules: rules})
		}
		if err := all[len(all)-1].add(fields[2:]); err != nil {
			return nil, fmt.Errorf("read %q: %w", lines.Text(), err)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("go test -bench printed no benchmark:\n%s", output)
	}
	return all, nil
}

// add parses pairs of a value and its unit.
func (m *matched) add(fields []string) error {
	for i := 0; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return err
		}
		switch fields[i+1] {
		case "events/s":
			m.rate = append(m.rate, value)
		case "B/op":
			m.bytes = append(m.bytes, value)
		case "allocs/op":
			m.allocs = append(m.allocs, value)
		}
	}
	return nil
}
