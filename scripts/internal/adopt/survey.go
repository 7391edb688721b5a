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

// List is the file that lists the sample, from the root of a checkout.
const List = "services/sample.txt"

// The folders whose entries are looked at one by one.
const (
	servicesFolder = "services"
	eventsFolder   = "events"
	storiesFolder  = "services/stories"
)

// Plan is what becomes of a checkout's sample.
type Plan struct {
	Remove  []string // paths, sorted
	Cut     []string // stories that end where what they go on about is gone
	Starter bool     // whether a small service takes the sample's place
}

// UnknownError says that a service to be kept is none of the sample's.
type UnknownError struct {
	Name  string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("there is no service %q in the sample to keep; there are %s", e.Name, strings.Join(e.Known, ", "))
}

// Survey plans what to remove from the checkout at root when some services of the sample are kept. A checkout whose sample
// has gone before has an empty plan.
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

// list reads the list of the sample's paths that are there.
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

// below returns the names of the services among listed paths.
func below(listed []string, folder string) (names []string) {
	for _, entry := range listed {
		if dir, name := path.Split(entry); dir == folder+"/" && path.Ext(name) == "" && name != "stories" && name != "invariants" {
			names = append(names, name)
		}
	}
	return names
}

// remaining returns the manifests of the services that stay: the kept ones, and those that are not the sample's.
func remaining(root string, sample, keep []string) ([]*manifest.Manifest, error) {
	all, err := manifest.Load(os.DirFS(root))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(m *manifest.Manifest) bool {
		return slices.Contains(sample, m.Name) && !slices.Contains(keep, m.Name)
	}), nil
}

// producers returns the folders of events whose types services publish or subscribe to.
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
