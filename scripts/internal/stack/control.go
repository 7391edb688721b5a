package stack

import (
	"context"
	"errors"
	"fmt"
)

// The ways in which a worker ends while the troupe goes on. Each takes turns with Update and Close: they have one owner.

// Crash kills a worker with SIGKILL. It stays away until Resume.
func (s *Stack) Crash(service string) error {
	w, err := s.worker(service)
	if err != nil {
		return err
	}
	w.process.Kill()
	delete(s.workers, service)
	if w.shipper == nil {
		return nil
	}
	return w.shipper.Close()
}

// Drain ends a worker with SIGTERM, upon which it finishes what it has begun. It stays away until Resume; an error says
// that it did not end well.
func (s *Stack) Drain(service string) error {
	w, err := s.worker(service)
	if err != nil {
		return err
	}
	delete(s.workers, service)
	return w.stop()
}

// Resume starts a worker again, as ECS does with a task that has ended.
func (s *Stack) Resume(ctx context.Context, service string) error {
	if s.workers[service] != nil {
		return fmt.Errorf("resume %s: it runs", service)
	}
	return s.startWorkers(ctx, service)
}

func (s *Stack) worker(service string) (*worker, error) {
	if w := s.workers[service]; w != nil {
		return w, nil
	}
	return nil, errors.New("no worker " + service + " runs")
}
