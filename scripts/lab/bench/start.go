package main

import (
	"context"
	"fmt"
	"time"

	"example.com/troupe/events/bus/jitter"
)

// settled is how long the local cloud is idle before its memory is read.
const settled = time.Second

// start measures the local cloud's start-up time and its idle memory, and how fast functions start.
func (r *session) start(ctx context.Context) error {
	var ready, memory sample
	for i := range r.scale.repeats {
		r.progress("start: %d of %d", i+1, r.scale.repeats)
		s, err := startCloud(ctx, r.binary)
		if err != nil {
			return err
		}
		ready = append(ready, float64(s.ready)/float64(time.Millisecond))
		if err := jitter.Sleep(ctx, settled); err != nil {
			return s.stop(err)
		}
		bytes, err := resident(s.process.Pid())
		used := float64(bytes) / 1e6
		if err != nil {
			used = unknown
		}
		memory = append(memory, used)
		if err := s.stop(nil); err != nil {
			return fmt.Errorf("stop the local cloud: %w", err)
		}
	}
	r.report.start(ready, memory)
	return r.functions(ctx)
}
