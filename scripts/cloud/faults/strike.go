package faults

import (
	"context"
	"net/http"
	"strings"
	"time"

	"example.com/localcloud/wire"
)

var ofCalls = []Kind{Fail, Throttle, Slow, Lose}

// strike returns the faults that strike, up to the first one that ends a call.
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

// none reports whether there are no faults, which is the usual case.
func (s *Service) none() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.faults) == 0
}

// Duplicates reports whether a message enters a queue twice. It is used as sqs.Service.Duplicates.
func (s *Service) Duplicates(queue string) bool {
	return len(s.strike(occasion{kinds: []Kind{Duplicate}, resources: []string{wire.ARN("sqs", queue)}})) > 0
}

// Crashes reports whether the process of a function is killed in a new invocation, and after what time. It is used as
// lambda.Options.Crashes.
func (s *Service) Crashes(function string) (after time.Duration, crashes bool) {
	for _, f := range s.strike(occasion{kinds: []Kind{Crash}, resources: []string{wire.ARN("lambda", "function:"+function)}}) {
		return time.Duration(f.LatencyMs) * time.Millisecond, true
	}
	return 0, false
}

// Around returns a handler that applies faults to the calls of a service.
func (s *Service) Around(service string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.none() {
			next.ServeHTTP(w, r)
			return
		}
		a := &response{ResponseWriter: w}
		next.ServeHTTP(a, r.WithContext(wire.WithInterceptor(r.Context(), func(ctx context.Context, operation string, needs []wire.Access) error {
			at := occasion{kinds: ofCalls, service: service, operation: operation, caller: role(wire.CallerOf(ctx).ARN())}
			for _, need := range needs {
				at.resources = append(at.resources, need.Resource)
			}
			return s.apply(ctx, a, at)
		})))
		a.end()
	})
}

// apply applies the faults that strike a call. It returns an error if the call must fail.
func (s *Service) apply(ctx context.Context, a *response, at occasion) error {
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

// role returns the name of the role in the ARN of a session, "arn:aws:sts::000000000000:assumed-role/jobs/1", or ""
// for another caller.
func role(arn string) string {
	_, session, _ := strings.Cut(arn, ":assumed-role/")
	name, _, _ := strings.Cut(session, "/")
	return name
}
