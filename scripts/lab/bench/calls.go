package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"example.com/troupe/scripts/internal/cost/count"
	"example.com/troupe/scripts/internal/stories"
)

// calls counts the requests to AWS of one execution of each story of the demo, by kind, and what they cost.
func (r *session) calls(ctx context.Context) (err error) {
	all, err := stories.Load(r.root)
	if err != nil {
		return err
	}
	demo := slices.DeleteFunc(all, func(s *stories.Story) bool { return !s.Demo() })
	if len(demo) == 0 {
		r.progress("calls: skipped, since there is no story in %s", stories.DemoFolder)
		return nil
	}
	player, err := count.Start(ctx, r.root, demo, true, r.problems)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, player.Close()) }()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	made, units := map[string][]float64{}, map[string][]float64{}
	var names []string
	for i, story := range demo {
		r.progress("calls of %s", story.Name)
		usage, err := player.Play(ctx, story)
		if err != nil {
			return err
		}
		names = append(names, story.Name)
		for _, service := range usage.Services {
			sum(made, service.Calls, i, len(demo))
			sum(units, service.Units, i, len(demo))
		}
	}
	r.report.calls(names, made, units)
	return nil
}

// sum adds a service's figures to those of the story at a place among all.
func sum(to map[string][]float64, of map[string]float64, at, stories int) {
	for name, n := range of {
		if to[name] == nil {
			to[name] = make([]float64, stories)
		}
		to[name][at] += n
	}
}

// calls writes the table of calls, and of the units that DynamoDB bills for them.
func (r *report) calls(stories []string, made, units map[string][]float64) {
	head := append([]string{"requests of one execution"}, stories...)
	total := make([]float64, len(stories))
	for _, call := range slices.Sorted(maps.Keys(made)) {
		row := []string{call}
		for i, n := range made[call] {
			total[i] += n
			row = append(row, fmt.Sprintf("%.3g", n))
		}
		r.add("Calls", head, row...)
	}
	rows := map[string][]float64{"**all**": total, "DynamoDB: write units": units["dynamodb-write"], "DynamoDB: read units": units["dynamodb-read"]}
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		row := []string{name}
		for _, n := range rows[name] {
			row = append(row, fmt.Sprintf("%.3g", n))
		}
		if len(row) == len(head) {
			r.add("Calls", head, row...)
		}
	}
}
