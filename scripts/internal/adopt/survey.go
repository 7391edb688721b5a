package adopt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// List is the path of the file that lists the sample.
const List = "services/sample.txt"

// Folders whose entries are removed individually.
const (
	servicesFolder = "services"
	eventsFolder   = "events"
	storiesFolder  = "services/stories"
)

// Plan is what happens to the sample of a checkout.
type Plan struct {
	Remove  []string // paths, sorted
	Cut     []string // stories that are shortened because they depend on what is removed
	Starter bool     // whether the starter service replaces the sample
}

// UnknownError reports that a service to keep isn't in the sample.
type UnknownError struct {
	Name  string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("there is no service %q in the sample to keep; there are %s", e.Name, strings.Join(e.Known, ", "))
}

// Survey plans what to remove from the checkout at root if some services of the sample are kept. If the sample was
// removed before, the plan is empty.
func Survey(root string, keep []string) (*Plan, error) {
	listed, err := list(root)
	if err != nil || len(listed) == 0 {
		return &Plan{}, err
	}
	sample := below(listed, servicesFolder)
	for _, name := range keep {
		if !slices.Contains(sample, name) {
			return nil, &UnknownError{name, sample}
		}
	}
	left, err := remaining(root, sample, keep)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Remove: []string{List}, Starter: len(left) == 0}
	needed, err := producers(root, left)
	if err != nil {
		return nil, err
	}
	for _, entry := range listed {
		folder, name := path.Split(entry)
		switch {
		case folder == servicesFolder+"/" && slices.Contains(keep, name):
		case folder == eventsFolder+"/" && slices.Contains(needed, name):
		case strings.HasPrefix(entry, storiesFolder+"/") && len(keep) > 0:
			plan.Cut = append(plan.Cut, entry)
		default:
			plan.Remove = append(plan.Remove, entry)
		}
	}
	slices.Sort(plan.Remove)
	return plan, nil
}

// list returns the listed paths that exist.
func list(root string) (entries []string, err error) {
	text, err := os.ReadFile(filepath.Join(root, List))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		entry := strings.TrimSpace(line)
		if entry == "" || entry[0] == '#' {
			continue
		}
		if !filepath.IsLocal(entry) {
			return nil, fmt.Errorf("%s: %q is not a path within the repository", List, entry)
		}
		if _, err := os.Lstat(filepath.Join(root, entry)); err == nil {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

// below returns the names of the entries of a folder among the listed paths.
func below(listed []string, folder string) (names []string) {
	for _, entry := range listed {
		if dir, name := path.Split(entry); dir == folder+"/" && path.Ext(name) == "" && name != "stories" && name != "invariants" {
			names = append(names, name)
		}
	}
	return names
}

// remaining returns the manifests of the services that stay: the kept ones, and those that aren't in the sample.
func remaining(root string, sample, keep []string) ([]*manifest.Manifest, error) {
	all, err := manifest.Load(os.DirFS(root))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(m *manifest.Manifest) bool {
		return slices.Contains(sample, m.Name) && !slices.Contains(keep, m.Name)
	}), nil
}

// producers returns the folders of events that services publish or subscribe to.
func producers(root string, services []*manifest.Manifest) (names []string, err error) {
	contracts, err := schema.Load(os.DirFS(filepath.Join(root, eventsFolder)))
	if err != nil {
		return nil, fmt.Errorf("read contracts: events/%w", err)
	}
	for _, c := range contracts {
		for _, m := range services {
			if (m.MayPublish(c.Type) || m.SubscribesTo(c.Type)) && !slices.Contains(names, c.Producer) {
				names = append(names, c.Producer)
			}
		}
	}
	return names, nil
}
