package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"example.com/troupe/scripts/internal/stack"
)

// services measures how long each service of the checkout takes to become ready as a process.
func (r *session) services(ctx context.Context) (err error) {
	declared, err := stack.Load(r.root)
	if err != nil {
		return err
	}
	cloud, err := startCloud(ctx, r.binary)
	if err != nil {
		return err
	}
	defer func() { err = cloud.stop(err) }()
	s, err := stack.Start(ctx, stack.Options{Root: r.root, Endpoint: cloud.endpoint, Log: r.problems})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, name := range declared.Services() {
		r.progress("start of %s", name)
		var ready sample
		for range r.scale.repeats {
			if err := s.Drain(name); err != nil {
				return err
			}
			began := time.Now()
			if err := s.Resume(ctx, name); err != nil {
				return err
			}
			ready = append(ready, float64(time.Since(began))/float64(time.Millisecond))
		}
		binary, err := os.Stat(filepath.Join(r.root, ".troupe", "bin", name))
		if err != nil {
			return err
		}
		r.report.service(name, ready, float64(binary.Size())/1e6)
	}
	return nil
}
