package faults

import (
	"context"
	"net/http"
	"strings"
	"time"

	"example.com/localcloud/wire"
)

var ofCalls = []Kind{Fail, Throttle, Slow, Lose}

// strike returns the faults that strike, up to the first that ends a call.
func (s *Service) strike(at occasion) (struck []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		hit, strikes := f.strike(at)
		if !strikes {
			continue
		}
		struck = append(struck, hit)
		if hit.Kind != Slow {
			break
		}
	}
	return struck
}

// none tells that there is nothing to strike, which is as good as always.
func (s *Service) none() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.faults) == 0
}

// Duplicates tells whether a message that enters a queue enters it twice: it is sqs.Service.Duplicates.
func (s *Service) Duplicates(queue string) bool {
	return len(s.strike(occasion{kinds: []Kind{Duplicate}, resources: []string{wire.ARN("sqs", queue)}})) > 0
}

// Crashes tells whether the process of a function is killed in an invocation that begins, and how long after that: it is
// lambda.Options.Crashes.
func (s *Service) Crashes(function string) (after time.Duration, crashes bool) {
	for _, f := range s.strike(occasion{kinds: []Kind{Crash}, resources: []string{wire.ARN("lambda", "function:"+function)}}) {
		return time.Duration(f.LatencyMs) * time.Millisecond, true
	}
	return 0, false
}

// Around stands around a service: faults of calls strike there.
func (s *Service) Around(service string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.none() {
			next.ServeHTTP(w, r)
			return
		}
		a := &answer{ResponseWriter: w}
		next.ServeHTTP(a, r.WithContext(wire.WithInterceptor(r.Context(), func(ctx context.Context, operation string, needs []wire.Access) error {
			at := occasion{kinds: ofCalls, service: service, operation: operation, caller: role(wire.CallerOf(ctx).ARN())}
			for _, need := range needs {
				at.resources = append(at.resources, need.Resource)
			}
			return s.befall(ctx, a, at)
		})))
		a.end()
	})
}

// befall lets happen to a call what is to happen.
func (s *Service) befall(ctx context.Context, a *answer, at occasion) error {
	for _, f := range s.strike(at) {
		switch f.Kind {
		case Slow:
			if err := f.hold(ctx); err != nil {
				return err
			}
		case Lose:
			a.lost = true
		case Throttle:
			return throttled(at.service)
		default:
			return f.failure()
		}
	}
	return nil
}

// role returns the name of the role in the ARN of its session, "arn:aws:sts::000000000000:assumed-role/jobs/1"; "" for
// another caller.
func role(arn string) string {
	_, session, _ := strings.Cut(arn, ":assumed-role/")
	name, _, _ := strings.Cut(session, "/")
	return name
}
