package stories

import (
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
)

func (p *performance) saw(line Line) error {
	words, values := assignments(line.Args)
	service, eventType, outcome := words[0], words[1], events.Handled
	if len(words) == 3 {
		outcome = events.Outcome(words[2])
	}
	right := func(step events.Step) bool {
		return p.own(step) && step.Service == service && step.EventType == eventType && step.Outcome == outcome && published(step, values)
	}
	want, err := count(values)
	if err != nil {
		return err
	}
	if line.Not {
		if n := len(p.Steps.Where(right)); n > 0 {
			return fmt.Errorf("it happened, %s:\n%s", cli.Count(n, "time"), p.steps(service))
		}
		return nil
	}
	return p.wait(func() (bool, error) {
		n := len(p.Steps.Where(right))
		return n >= want, p.counted("steps", n, want, service)
	})
}

// published reports whether a step published exactly the events in published=…, if the line has it.
func published(step events.Step, values [][2]string) bool {
	for _, v := range values {
		if v[0] == "published" {
			return slices.Equal(publishedTypes(step), slices.Sorted(strings.SplitSeq(v[1], ","))) || v[1] == "" && len(step.Published) == 0
		}
	}
	return true
}

// publishedTypes returns the types of the events that a step published, sorted.
func publishedTypes(step events.Step) (names []string) {
	for _, e := range step.Published {
		names = append(names, e.Type)
	}
	slices.Sort(names)
	return names
}

func (p *performance) published(line Line) error {
	words, values := assignments(line.Args)
	service := words[0]
	return p.wait(func() (bool, error) {
		want, err := count(values)
		if err != nil {
			want = p.publications(service, values[0][1])
		}
		n := p.publications(service, words[1])
		return n == want, p.counted("events", n, want, service)
	})
}

// publications returns how many events of a type a service has published in the story. A repeat doesn't count.
func (p *performance) publications(service, eventType string) int {
	ids := map[string]bool{}
	for _, step := range p.Steps.Where(func(s events.Step) bool { return p.own(s) && s.Service == service }) {
		for _, e := range step.Published {
			if e.Type == eventType {
				ids[e.ID] = true
			}
		}
	}
	return len(ids)
}

func (p *performance) counted(what string, n, want int, service string) error {
	if n == want {
		return nil
	}
	return fmt.Errorf("%d such %s, not %d, among these of %s in this story:\n%s", n, what, want, service, p.steps(service))
}

// steps lists what a service did in the story.
func (p *performance) steps(service string) string {
	var lines []string
	for _, s := range p.Steps.Where(func(s events.Step) bool { return p.own(s) && s.Service == service }) {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s published=%s %s", s.EventType, s.Outcome, strings.Join(publishedTypes(s), ","), s.Error)))
	}
	if len(lines) == 0 {
		lines = []string{"none"}
	}
	return "  " + strings.Join(lines, "\n  ")
}
