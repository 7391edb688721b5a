package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quietTime is how long the source must be left alone before it is built: an editor writes a file
// in several steps, and version control many files.
const quietTime = 200 * time.Millisecond

// watcher tells which services a change of the source is about.
type watcher struct {
	root   string
	events *fsnotify.Watcher
}

// watchSource watches all that services are built from. Close the watcher's events.
func watchSource(root string) (*watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch the source: %w", err)
	}
	w := &watcher{root: root, events: events}
	for _, folder := range []string{"services", "events"} {
		if err := w.add(filepath.Join(root, folder)); err != nil {
			return nil, errors.Join(fmt.Errorf("watch %s: %w", folder, err), events.Close())
		}
	}
	return w, nil
}

// add watches a folder and all below it: the system's watches do not reach down.
func (w *watcher) add(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return w.events.Add(path)
	})
}

// next waits for changes, until there are no more for a while, and returns the services that they
// are in; none stands for all.
func (w *watcher) next(ctx context.Context) (services []string, err error) {
	all := false
	var quiet <-chan time.Time // nil, which never comes, until something has changed
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case err := <-w.events.Errors:
			return nil, fmt.Errorf("watch the source: %w", err)
		case event := <-w.events.Events:
			service, counts := w.about(event)
			if !counts {
				continue
			}
			all = all || service == ""
			if !slices.Contains(services, service) {
				services = append(services, service)
			}
			quiet = time.After(quietTime)
		case <-quiet:
			if all {
				services = nil
			}
			return services, nil
		}
	}
}

// about returns the service that a change is about, "" for all of them. Only what goes into a binary counts: tests do not.
func (w *watcher) about(event fsnotify.Event) (service string, counts bool) {
	if event.Has(fsnotify.Create) {
		if info, err := os.Stat(event.Name); err == nil && info.IsDir() {
			_ = w.add(event.Name) // one that is gone again needs no watch
		}
	}
	path, err := filepath.Rel(w.root, event.Name)
	name := filepath.Base(path)
	if err != nil || event.Op == fsnotify.Chmod || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || strings.HasSuffix(name, "_test.go") {
		return "", false
	}
	rest, _ := strings.CutPrefix(filepath.ToSlash(path), "services/")
	folder, _, _ := strings.Cut(rest, "/")
	if _, err := os.Stat(filepath.Join(w.root, "services", folder, "service.json")); err != nil {
		return "", true // the kit, a contract, or a service that is not there any more
	}
	return folder, true
}
