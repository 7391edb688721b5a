package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/rename"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/topology"
)

// survey is what is found out before anything is removed.
type survey struct {
	root     string
	declared *stack.Declared
	told     []*stories.Story

	service string         // to remove; "" if none
	events  []schema.Event // to remove
	paths   []string       // files and folders to remove, relative to the root
	needed  []string       // what still needs them
	kept    []string       // what stays although it belongs to them, and why
	leaves  []string       // what exists on AWS
}

// UnknownError reports that a service or an event doesn't exist.
type UnknownError struct {
	Kind, Name string
	Known      []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("there is no %s %q; there are %s", e.Kind, e.Name, strings.Join(e.Known, ", "))
}

func newSurvey(root string) (*survey, error) {
	declared, err := stack.Load(root)
	if err != nil {
		return nil, err
	}
	told, err := stories.Load(root)
	if err != nil {
		return nil, err
	}
	return &survey{root: root, declared: declared, told: told}, nil
}

// ofService plans the removal of a service: its folder, and the events that no other service publishes.
func (s *survey) ofService(name string) error {
	if !slices.Contains(s.declared.Services(), name) {
		return &UnknownError{"service", name, s.declared.Services()}
	}
	s.service, s.paths = name, []string{"services/" + name}
	whole := true
	for _, event := range s.declared.Contracts {
		if event.Producer != name {
			continue
		}
		if subscribers := s.subscribers(event.Type); len(subscribers) > 0 {
			whole = false
			for _, other := range subscribers {
				s.needed = append(s.needed, fmt.Sprintf("services/%s/service.json subscribes to %s, which only %s publishes", other, event.Type, name))
			}
			s.kept = append(s.kept, fmt.Sprintf("events/%s stays, for %s: remove it from their \"subscribes\", and then make remove EVENT=%s", event.File, strings.Join(subscribers, " and "), event.Type))
			continue
		}
		s.events = append(s.events, event)
	}
	if err := s.ofEvents(whole); err != nil {
		return err
	}
	s.onAWS()
	return s.stories()
}

// ofEvent plans the removal of one event.
func (s *survey) ofEvent(name string) error {
	at := slices.IndexFunc(s.declared.Contracts, func(e schema.Event) bool { return e.Type == name })
	if at < 0 {
		known := make([]string, len(s.declared.Contracts))
		for i, e := range s.declared.Contracts {
			known[i] = e.Type
		}
		return &UnknownError{"event", name, known}
	}
	event := s.declared.Contracts[at]
	s.events = []schema.Event{event}
	for _, m := range s.declared.Manifests {
		if m.SubscribesTo(name) {
			s.needed = append(s.needed, fmt.Sprintf("services/%s/service.json subscribes to it", m.Name))
		}
		if m.MayPublish(name) {
			s.needed = append(s.needed, fmt.Sprintf("services/%s/service.json publishes it", m.Name))
		}
	}
	last := !slices.ContainsFunc(s.declared.Contracts, func(e schema.Event) bool { return e.Producer == event.Producer && e.Type != name })
	if err := s.ofEvents(last); err != nil {
		return err
	}
	if event.Channel == "sns" {
		s.leaves = append(s.leaves, fmt.Sprintf("topic %s: the next make deploy removes it, with the subscriptions of people and webhooks", s.names().Topic(name)))
	}
	return s.stories()
}

// subscribers returns the other services that subscribe to an event.
func (s *survey) subscribers(eventType string) (names []string) {
	for _, m := range s.declared.Manifests {
		if m.Name != s.service && m.SubscribesTo(eventType) {
			names = append(names, m.Name)
		}
	}
	return names
}

// ofEvents adds the files of the planned events, and their producer's folder if no event is left in it. It notes the
// code that imports the folder.
func (s *survey) ofEvents(whole bool) error {
	if len(s.events) == 0 {
		return nil
	}
	folder := path.Join("events", s.events[0].Producer)
	if whole {
		s.paths = append(s.paths, folder)
		return s.importers(folder)
	}
	for _, event := range s.events {
		s.paths = append(s.paths, "events/"+event.File)
		for _, example := range event.Examples {
			s.paths = append(s.paths, "events/"+example.File)
		}
	}
	return nil
}

// importers notes Go code elsewhere that imports a folder, such as a package of invariants.
func (s *survey) importers(folder string) error {
	module, err := rename.ModulePath(s.root)
	if err != nil {
		return err
	}
	return filepath.WalkDir(filepath.Join(s.root, "services"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" {
			return err
		}
		relative, err := filepath.Rel(s.root, name)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		owner, _, _ := strings.Cut(strings.TrimPrefix(relative, "services/"), "/")
		text, err := os.ReadFile(name)
		if err != nil || owner == s.service && s.service != "" || !strings.Contains(string(text), `"`+module+"/"+folder+`"`) {
			return err
		}
		s.needed = append(s.needed, fmt.Sprintf("%s imports %s", relative, folder))
		return nil
	})
}

// stories notes stories that name what is removed. Stories named after the service are removed with it.
func (s *survey) stories() error {
	services := slices.DeleteFunc(s.declared.Services(), func(name string) bool { return name == s.service })
	var all, types []string
	for _, e := range s.declared.Contracts {
		all = append(all, e.Type)
		if !slices.ContainsFunc(s.events, func(gone schema.Event) bool { return gone.Type == e.Type }) {
			types = append(types, e.Type)
		}
	}
	for _, story := range s.told {
		err := story.Check(services, types)
		switch {
		case s.service != "" && s.about(story):
			s.paths = append(s.paths, story.File)
		case err != nil && story.Check(s.declared.Services(), all) == nil:
			s.needed = append(s.needed, err.Error())
		}
	}
	return nil
}

// about reports whether a story is named after the service: billing.txtar, billing-late.txtar, billing/late.txtar.
func (s *survey) about(story *stories.Story) bool {
	name := strings.TrimSuffix(path.Base(story.File), ".txtar")
	return name == s.service || strings.HasPrefix(name, s.service+"-") && !s.otherService(name) || path.Base(path.Dir(story.File)) == s.service
}

// otherService reports whether a name begins with the longer name of another service.
func (s *survey) otherService(name string) bool {
	return slices.ContainsFunc(s.declared.Services(), func(other string) bool {
		return len(other) > len(s.service) && (name == other || strings.HasPrefix(name, other+"-"))
	})
}

// names returns the names of resources in some environment.
func (s *survey) names() topology.Names {
	return topology.Names{Project: stack.Project, Env: "dev", Region: "eu-central-1", Account: "123456789012"}
}

// onAWS lists what a service has on AWS.
func (s *survey) onAWS() {
	t, err := s.declared.Topology(s.names(), nil)
	if err != nil {
		s.leaves = append(s.leaves, fmt.Sprintf("unknown, because the declarations are inconsistent: %v", err))
		return
	}
	at := slices.IndexFunc(t.Services, func(service topology.Service) bool { return service.Name == s.service })
	found := t.Services[at]
	const until = "until the next make deploy, which removes it"
	if found.Function != nil {
		s.leaves = append(s.leaves, fmt.Sprintf("function %s: it continues to handle events %s", found.Function.Name, until))
	} else {
		s.leaves = append(s.leaves, fmt.Sprintf("tasks of %s: they continue to handle events %s", s.names().Service(s.service), "until the next make deploy, which removes them"))
	}
	if found.Queue != nil {
		s.leaves = append(s.leaves, fmt.Sprintf("queue %s, its dead letters and what is in them: %s", found.Queue.Name, until))
	}
	if found.Table != nil {
		s.leaves = append(s.leaves, fmt.Sprintf("table %s and its data: %s; in prod it is protected, and the deploy fails until the protection is removed", found.Table.Name, until))
	}
	if found.SQL {
		s.leaves = append(s.leaves, fmt.Sprintf("the database of %s and its data: %s; in prod it is protected, and the deploy fails until the protection is removed", s.names().Service(s.service), until))
	}
	s.leaves = append(s.leaves, fmt.Sprintf("log group %s: %s", found.LogGroup, until))
	if slices.ContainsFunc(s.declared.Manifests, func(m *manifest.Manifest) bool { return m.Name == s.service && len(m.Publishes) > 0 }) {
		s.leaves = append(s.leaves, fmt.Sprintf("archive %s: the events that it published stay for %d days", t.Archive.Name, t.Archive.RetentionDays))
	}
}
