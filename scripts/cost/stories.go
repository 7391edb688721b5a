package main

import (
	"strconv"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stories"
)

// weighted is a story with its share of all executions.
type weighted struct {
	story  *stories.Story
	weight float64
}

// choose returns the stories that a list names, such as "a:9,b:1", or those of the demo. Their weights add up to 1.
func choose(root, list string) (chosen []weighted, err error) {
	known, err := stories.Load(root)
	if err != nil {
		return nil, err
	}
	if list == "" {
		for _, story := range known {
			if story.Demo() {
				chosen = append(chosen, weighted{story, 1})
			}
		}
		if len(chosen) == 0 {
			return nil, cli.Refuse("no story to play: write one in %s/<name>.txtar, or name one with -story", stories.DemoFolder)
		}
		return share(chosen), nil
	}
	for name := range strings.SplitSeq(list, ",") {
		one, err := find(known, name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, one)
	}
	return share(chosen), nil
}

// find returns the story that an entry of a list names: "a" or "a:9".
func find(known []*stories.Story, entry string) (weighted, error) {
	name, text, given := strings.Cut(entry, ":")
	weight := 1.0
	if given {
		var err error
		if weight, err = strconv.ParseFloat(text, 64); err != nil || !(weight > 0) {
			return weighted{}, cli.Usage("-story %s: the weight must be a number above 0", entry)
		}
	}
	var names []string
	for _, story := range known {
		if story.Name == name {
			return weighted{story, weight}, nil
		}
		names = append(names, story.Name)
	}
	return weighted{}, cli.Refuse("there is no story %q; there are %s", name, strings.Join(names, ", "))
}

func share(chosen []weighted) []weighted {
	sum := 0.0
	for _, one := range chosen {
		sum += one.weight
	}
	for i := range chosen {
		chosen[i].weight /= sum
	}
	return chosen
}

func all(chosen []weighted) (played []*stories.Story) {
	for _, one := range chosen {
		played = append(played, one.story)
	}
	return played
}
