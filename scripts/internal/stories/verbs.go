package stories

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// verb is a word that begins a line.
type verb struct {
	usage       string
	least, most int // number of words after the verb, without name=value pairs and flags; most -1 means no limit
	run         func(p *performance, line Line) error
}

var verbs map[string]verb

func init() { // in init, because the functions refer to the map
	verbs = map[string]verb{
		"config":      {"config SERVICE NAME=VALUE", 1, 1, nil},
		"only":        {"only local", 1, 1, nil},
		"request":     {"request METHOD PATH [FILE] [Header=value …]", 2, 3, (*performance).request},
		"status":      {"status CODE", 1, 1, (*performance).status},
		"answer":      {"answer .member VALUE …", 2, -1, (*performance).answered},
		"header":      {"header NAME VALUE", 2, 2, (*performance).header},
		"until":       {"until METHOD PATH .member VALUE …", 4, -1, (*performance).until},
		"publish":     {"publish [-id ID] [-as SERVICE] [-unchecked] EVENT [FILE] [member=value …]", 1, -1, (*performance).publish},
		"error":       {"error TEXT", 1, 1, (*performance).failure},
		"settle":      {"settle [reminders]", 0, 1, (*performance).settle},
		"saw":         {"saw SERVICE EVENT [OUTCOME] [count=N] [published=EVENT,…]", 2, 3, (*performance).saw},
		"published":   {"published SERVICE EVENT [count=N|EVENT]", 2, 2, (*performance).published},
		"dead-letter": {"dead-letter SERVICE [REASON [TEXT]]", 1, 3, (*performance).deadLetter},
		"queue":       {"queue SERVICE", 1, 1, (*performance).queue},
		"state":       {"state SERVICE KEY .member VALUE …", 4, -1, (*performance).state},
		"set":         {"set NAME VALUE", 2, 2, (*performance).set},
		"time":        {"time NAME DURATION", 2, 2, (*performance).time},
	}
}

func verbNames() []string { return slices.Sorted(maps.Keys(verbs)) }

// check returns an error if the line is wrong by itself.
func (l Line) check(s *Story) error {
	v, known := verbs[l.Verb]
	if !known {
		return fmt.Errorf("there is no verb %q; known are %s", l.Verb, strings.Join(verbNames(), ", "))
	}
	words, values := assignments(l.Args)
	if len(words) < v.least || v.most >= 0 && len(words) > v.most {
		return fmt.Errorf("usage: %s", v.usage)
	}
	file := ""
	switch l.Verb {
	case "config":
		if len(values) != 1 {
			return fmt.Errorf("usage: %s", v.usage)
		}
	case "only":
		if words[0] != "local" {
			return fmt.Errorf("usage: %s", v.usage)
		}
	case "request":
		if len(words) == 3 {
			file = words[2]
		}
	case "answer":
		_, err := expectations(words)
		return err
	case "until", "state":
		_, err := expectations(words[2:])
		return err
	case "publish":
		_, parsed, err := publication(l.Args)
		file = parsed.file
		if err != nil {
			return err
		}
	}
	if _, there := s.Files[file]; file != "" && !there {
		return fmt.Errorf("the story has no file %q: add it below as -- %[1]s --; it has %s", file, strings.Join(slices.Sorted(maps.Keys(s.Files)), ", "))
	}
	return nil
}

// Check returns an error for the first line that names an undeclared service or event. Its error is an *Error.
func (s *Story) Check(services, events []string) error {
	for _, line := range s.Lines {
		words, values := assignments(line.Args)
		var service, event string
		switch line.Verb {
		case "config", "dead-letter", "queue", "state":
			service = words[0]
		case "saw", "published":
			service, event = words[0], words[1]
		case "publish":
			event, _, _ = publication(line.Args) // it was parsed before
		}
		if err := declared("service", service, services); err != nil {
			return s.wrong(line, err)
		}
		if err := declared("event", event, events); err != nil {
			return s.wrong(line, err)
		}
		for _, v := range values {
			if line.Verb != "saw" || v[0] != "published" || v[1] == "" {
				continue
			}
			for name := range strings.SplitSeq(v[1], ",") {
				if err := declared("event", name, events); err != nil {
					return s.wrong(line, err)
				}
			}
		}
	}
	return nil
}

func declared(kind, name string, known []string) error {
	if name == "" || strings.Contains(name, "$") || slices.Contains(known, name) {
		return nil
	}
	if len(known) == 0 {
		return fmt.Errorf("there is no %s %q: none is declared", kind, name)
	}
	return fmt.Errorf("there is no %s %q; known are %s", kind, name, strings.Join(known, ", "))
}

// Settings returns the settings that stories require, by service and name. It is an error if two stories played
// together require different values.
func Settings(stories []*Story) (map[string]map[string]string, error) {
	settings := map[string]map[string]string{}
	from := map[string]string{}
	for _, s := range stories {
		for _, line := range s.Lines {
			if line.Verb != "config" {
				continue
			}
			words, values := assignments(line.Args)
			service, name, value := words[0], values[0][0], values[0][1]
			if settings[service] == nil {
				settings[service] = map[string]string{}
			}
			place := service + " " + name
			if earlier, set := settings[service][name]; set && earlier != value {
				return nil, s.wrong(line, fmt.Errorf("%s wants %s: stories that are played together must agree", from[place], earlier))
			}
			settings[service][name], from[place] = value, fmt.Sprintf("%s:%d", s.File, line.Number)
		}
	}
	return settings, nil
}
