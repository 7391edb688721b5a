package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// machinery is where no service or event may be named; what a team adds elsewhere may name its own.
var machinery = []string{"Makefile", "events", "scripts", "services/kit", "terraform"}

// read are the files of the machinery that are looked at, by their ends. Pages for people may name what they explain.
var read = []string{".go", ".tmpl", ".js", ".css", ".html", ".tf", ".hcl", ".sh", "Makefile"}

// sample reports the files of the machinery that name a service, a producer or an event of the checkout: machinery works
// for any, so that services can be added and removed by their folders alone. With names, a service's name by itself counts
// too, in quotation marks and outside of tests: that is for a repository whose services are not called after common words.
func sample(names bool) func(context.Context) error {
	return func(context.Context) error {
		found, err := mentions(os.DirFS("."), names)
		if err == nil && len(found) > 0 {
			err = errors.New("machinery names what belongs to the services: read it from the declarations, let tests use a fixture,\n" +
				"or keep what is yours outside of scripts and terraform\n" + strings.Join(found, "\n"))
		}
		return err
	}
}

// mentions returns the places, as file:line and what is named there.
func mentions(root fs.FS, names bool) (found []string, err error) {
	manifests, err := manifest.Load(root)
	if err != nil {
		return nil, err
	}
	contracts, err := fs.Sub(root, "events")
	if err != nil {
		return nil, err
	}
	declared, err := schema.Load(contracts)
	if err != nil {
		return nil, err
	}
	w := words{fixtures: map[string]bool{}}
	if err := w.learn(root); err != nil {
		return nil, err
	}
	pattern, quoted := w.patterns(manifests, declared)
	if !names {
		quoted = nil
	}
	for _, place := range machinery {
		err := fs.WalkDir(root, place, func(file string, entry fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist): // a team may delete the lab
				return nil
			case err != nil:
				return err
			case entry.IsDir() && w.apart(file):
				return fs.SkipDir
			case entry.IsDir() || !slices.ContainsFunc(read, func(end string) bool { return strings.HasSuffix(file, end) }):
				return nil
			}
			text, err := fs.ReadFile(root, file)
			found = append(found, inFile(file, string(text), pattern)...)
			if !strings.HasSuffix(file, "_test.go") {
				found = append(found, inFile(file, string(text), quoted)...)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// inFile returns the lines that match; a pattern of nil matches none.
func inFile(file, text string, pattern *regexp.Regexp) (found []string) {
	if pattern == nil {
		return nil
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if match := pattern.FindStringSubmatch(line); match != nil {
			found = append(found, fmt.Sprintf("%s:%d: %s", file, number, strings.Join(match[1:], "")))
		}
	}
	return found
}

// words are what the machinery must not say.
type words struct {
	producers []string
	fixtures  map[string]bool // services and events of fixtures and templates: they may bear the same names
}

// learn finds the declarations that lie in folders which the Go command does not look into.
func (w *words) learn(root fs.FS) error {
	return fs.WalkDir(root, "scripts", func(file string, _ fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || !strings.Contains(file, "/testdata/") && !strings.Contains(file, "/_"):
			return err
		}
		if event, ok := strings.CutSuffix(path.Base(file), ".schema.json"); ok {
			w.fixtures[event] = true
		}
		if path.Base(file) == "service.json" {
			w.fixtures[path.Base(path.Dir(file))] = true
		}
		return nil
	})
}

// apart reports whether a folder belongs to the services, or is nobody's source.
func (w *words) apart(folder string) bool {
	producer, ok := strings.CutPrefix(folder, "events/")
	name := path.Base(folder)
	return ok && slices.Contains(w.producers, producer) || name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || strings.HasPrefix(name, "_")
}

// patterns match what must not be said: events and places, and services by their names in quotation marks. One is nil
// where there is nothing to say.
func (w *words) patterns(manifests []*manifest.Manifest, contracts []schema.Event) (said, quoted *regexp.Regexp) {
	var types, services, producers []string
	for _, c := range contracts {
		w.producers = append(w.producers, c.Producer)
		if !w.fixtures[c.Type] {
			types = append(types, regexp.QuoteMeta(c.Type), strings.ReplaceAll(c.Type, ".", "-")) // in the name of a rule
		}
		if !w.fixtures[c.Producer] {
			producers = append(producers, c.Producer)
		}
	}
	for _, m := range manifests {
		if !w.fixtures[m.Name] {
			services = append(services, m.Name)
		}
	}
	return compile([]string{`\b(%s)\b`, `\b(services/(?:%s))(?:[^\w-]|$)`, `\b(events/(?:%s))(?:[^\w-]|$)`}, types, services, producers),
		compile([]string{"[\"'`](%s)[\"'`]"}, services)
}

// compile returns a pattern of forms, each for the words in its place.
func compile(forms []string, words ...[]string) *regexp.Regexp {
	var parts []string
	for i, form := range forms {
		if len(words[i]) > 0 {
			parts = append(parts, fmt.Sprintf(form, strings.Join(words[i], "|")))
		}
	}
	if parts == nil {
		return nil
	}
	return regexp.MustCompile(strings.Join(parts, "|"))
}
