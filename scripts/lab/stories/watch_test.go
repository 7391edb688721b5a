package stories_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/troupe/events"
)

func (s *story) saw(arguments []string) error {
	words, values := fields(arguments)
	if len(words) < 2 || len(words) > 3 {
		return errors.New("usage: saw SERVICE TYPE [OUTCOME] [count=N] [said=TYPE,…]")
	}
	outcome := events.Handled
	if len(words) == 3 {
		outcome = events.Outcome(words[2])
	}
	matches := about(s.order(), words[0], words[1])
	right := func(step events.Step) bool {
		said, checked := values["published"]
		return matches(step) && step.Outcome == outcome && (!checked || said == told(step))
	}
	want, err := count(values)
	if err != nil {
		return err
	}
	for {
		steps := troupe.Steps.Where(right)
		switch {
		case len(steps) == want, s.not && len(steps) > 0:
			return nil
		case len(steps) > want || s.not || s.ctx.Err() != nil:
			return fmt.Errorf("%d such steps, among these of %s about %s:\n%s", len(steps), words[0], s.order(), s.describe(words[0]))
		}
		s.pause()
	}
}

// count is how many of something a story wants: one, if it does not say.
func count(values map[string]string) (int, error) {
	if text, given := values["count"]; given {
		return strconv.Atoi(text)
	}
	return 1, nil
}

func (s *story) said(arguments []string) error {
	words, values := fields(arguments)
	if len(words) != 2 {
		return errors.New("usage: said SERVICE TYPE [count=N|TYPE]")
	}
	for {
		n := s.facts(words[0], words[1])
		want, err := count(values)
		if err != nil {
			want = s.facts(words[0], values["count"])
		}
		switch {
		case n == want:
			return nil
		case s.ctx.Err() != nil:
			return fmt.Errorf("%d such events and not %d, among these of %s about %s:\n%s", n, want, words[0], s.order(), s.describe(words[0]))
		}
		s.pause()
	}
}

// events is how many events of a type a service has said about the order. What is said again is the same event.
func (s *story) facts(service, eventType string) int {
	ids := map[string]bool{}
	for _, step := range troupe.Steps.Where(func(step events.Step) bool { return step.Service == service && step.Subject == s.order() }) {
		for _, fact := range step.Published {
			if fact.Type == eventType {
				ids[fact.ID] = true
			}
		}
	}
	return len(ids)
}

// told lists what a step said, sorted.
func told(step events.Step) string {
	var types []string
	for _, fact := range step.Published {
		types = append(types, fact.Type)
	}
	slices.Sort(types)
	return strings.Join(types, ",")
}

func (s *story) describe(service string) string {
	var lines []string
	for _, step := range troupe.Steps.Where(func(step events.Step) bool { return step.Service == service && step.Subject == s.order() }) {
		lines = append(lines, fmt.Sprintf("  %s %s said=%s %s", step.EventType, step.Outcome, told(step), step.Error))
	}
	return strings.Join(lines, "\n")
}

func (s *story) settle(arguments []string) error {
	w := troupe.Watch()
	w.IgnoreDelayed = !slices.Contains(arguments, "reminders")
	_, err := w.Wait(s.ctx)
	return err
}

func (s *story) queue(arguments []string) error {
	report, err := troupe.Watch().Look(s.ctx)
	if err != nil {
		return err
	}
	var full []string
	for _, depth := range append(report.Queues, report.DeadLetters...) {
		if name, _, _ := strings.Cut(depth.Queue, "-"); name == arguments[0] {
			fmt.Fprintln(s.Stdout(), depth)
			if !depth.Empty() {
				full = append(full, depth.String())
			}
		}
	}
	if len(full) > 0 {
		return errors.New(strings.Join(full, "; "))
	}
	return nil
}
