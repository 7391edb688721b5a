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

// machinery must not name any service or event. Code that a team adds elsewhere may name its own.
var machinery = []string{"Makefile", "events", "scripts", "services/kit", "terraform"}

// read are the suffixes of the machinery's files to check. Documentation may name what it explains.
var read = []string{".go", ".tmpl", ".js", ".css", ".html", ".tf", ".hcl", ".sh", "Makefile"}

// sample returns a check that the machinery names no service, producer or event of the checkout, so that services can
// be added and removed by their folders alone. If names is set, a service's bare name in quotation marks outside
// tests counts as well; use that only if no service is named after a common word.
func sample(names bool) func(context.Context) error {
	return func(context.Context) error {
		found, err := mentions(os.DirFS("."), names)
		if err == nil && len(found) > 0 {
			err = errors.New("the machinery names something that belongs to the services: read it from the declarations, and use a fixture in tests,\n" +
				"or move your own code outside scripts and terraform\n" + strings.Join(found, "\n"))
		}
		return err
	}
}

// mentions returns the places that name something, as file:line and the name.
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

// inFile returns the lines that match pattern; a nil pattern matches none.
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

// words are the names that the machinery must not contain.
type words struct {
	producers []string
	fixtures  map[string]bool // services and events of fixtures and templates, which may have the same names
}

// learn collects the declarations in folders that the Go command ignores.
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

// apart reports whether a folder belongs to the services or isn't source code.
func (w *words) apart(folder string) bool {
	producer, ok := strings.CutPrefix(folder, "events/")
	name := path.Base(folder)
	return ok && slices.Contains(w.producers, producer) || name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || strings.HasPrefix(name, "_")
}

// patterns returns patterns for the forbidden names: events and places, and quoted names of services. A pattern is
// nil if it has nothing to match.
func (w *words) patterns(manifests []*manifest.Manifest, contracts []schema.Event) (anywhere, quoted *regexp.Regexp) {
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

// compile returns a pattern that matches the forms, each with any of the words in its place.
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
