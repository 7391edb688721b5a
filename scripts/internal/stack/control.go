package stack

import (
	"context"
	"errors"
	"fmt"
)

// Crash, Drain and Resume stop and restart one worker of a running stack. Don't call them concurrently with each
// other, Update or Close.

// Crash kills a worker with SIGKILL. It stays down until Resume.
func (s *Stack) Crash(service string) error {
	w, err := s.worker(service)
	if err != nil {
		return err
	}
	w.stopping.Store(true)
	w.process.Kill()
	w.watching.Wait()
	delete(s.workers, service)
	if w.shipper == nil {
		return nil
	}
	return w.shipper.Close()
}

// Drain stops a worker with SIGTERM, so that it finishes the work it has begun. It stays down until Resume. Drain
// returns an error if the worker didn't exit cleanly.
func (s *Stack) Drain(service string) error {
	w, err := s.worker(service)
	if err != nil {
		return err
	}
	delete(s.workers, service)
	return w.stop()
}

// Resume starts a worker again, as ECS does with a stopped task.
func (s *Stack) Resume(ctx context.Context, service string) error {
	if s.workers[service] != nil {
		return fmt.Errorf("resume %s: it is already running", service)
	}
	refused, err := s.start(ctx, service)
	return errors.Join(err, join(refused))
}

func (s *Stack) worker(service string) (*worker, error) {
	if w := s.workers[service]; w != nil {
		return w, nil
	}
	return nil, errors.New("no worker runs for service " + service)
}
