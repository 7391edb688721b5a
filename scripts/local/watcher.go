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

// quietTime is how long the source must be unchanged before a build: an editor saves a file in several steps, and git
// changes many files.
const quietTime = 200 * time.Millisecond

// watcher reports which services a change of the source affects.
type watcher struct {
	root   string
	events *fsnotify.Watcher
}

// watchSource watches all source files of services. The caller must close the watcher's events.
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

// add watches a folder and all folders below it, since the system's watches aren't recursive.
func (w *watcher) add(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return w.events.Add(path)
	})
}

// next waits until changes have stopped for a while, and returns the affected services; none means all.
func (w *watcher) next(ctx context.Context) (services []string, err error) {
	all := false
	var quiet <-chan time.Time // nil, which blocks for ever, until something has changed
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

// about returns the service that a change affects, or "" for all. Only files that are compiled count, so tests don't.
func (w *watcher) about(event fsnotify.Event) (service string, counts bool) {
	if event.Has(fsnotify.Create) {
		if info, err := os.Stat(event.Name); err == nil && info.IsDir() {
			_ = w.add(event.Name) // a folder that was deleted meanwhile needs no watch
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
		return "", true // the kit, a contract, or a service that no longer exists
	}
	return folder, true
}
