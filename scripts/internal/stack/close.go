package stack

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"
)

// Close stops everything that Start started: workers first, then the cloud that they poll. Only the data folder
// stays, if there is one.
func (s *Stack) Close() error {
	var failures []error
	if s.api != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		failures = append(failures, s.api.Shutdown(ctx))
		s.serving.Wait()
	}
	failures = append(failures, s.stopWorkers())
	for _, h := range s.hands {
		failures = append(failures, h.close())
	}
	if s.cloud != nil {
		failures = append(failures, s.cloud.close())
	}
	if s.dir != "" && s.options.Data == "" {
		failures = append(failures, os.RemoveAll(s.dir))
	}
	return errors.Join(failures...)
}

func (s *Stack) stopWorkers() error {
	failures := make(chan error, len(s.workers))
	var stopping sync.WaitGroup
	for _, w := range s.workers {
		stopping.Go(func() { failures <- w.stop() })
	}
	stopping.Wait()
	close(failures)
	var all error
	for err := range failures {
		all = errors.Join(all, err)
	}
	return all
}
