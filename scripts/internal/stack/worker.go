package stack

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"golang.org/x/sync/errgroup"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/wiring"
	"example.com/troupe/scripts/internal/workers"
)

// worker is a service that runs as a process.
type worker struct {
	process *workers.Process
	shipper *workers.Shipper // nil where the endpoint keeps no logs
}

func (w *worker) stop() error {
	err := w.process.Stop()
	if w.shipper != nil {
		err = errors.Join(err, w.shipper.Close())
	}
	return err
}

// isWorker reports whether a service runs as a process. Without the local cloud, all services do.
func (s *Stack) isWorker(service topology.Service) bool {
	return s.cloud == nil || service.Runtime == manifest.Worker
}

// startWorkers starts the workers among services concurrently. Each replaces its running predecessor once it is
// ready.
func (s *Stack) startWorkers(ctx context.Context, services ...string) error {
	group, ctx := errgroup.WithContext(ctx)
	var mu sync.Mutex
	for _, service := range s.topology.Services {
		if !slices.Contains(services, service.Name) || !s.isWorker(service) {
			continue
		}
		group.Go(func() error {
			started, err := s.startWorker(ctx, service)
			if err != nil {
				return err
			}
			mu.Lock()
			before := s.workers[service.Name]
			s.workers[service.Name] = started
			mu.Unlock()
			if before != nil {
				return before.stop()
			}
			return nil
		})
	}
	return group.Wait()
}

func (s *Stack) startWorker(ctx context.Context, service topology.Service) (*worker, error) {
	w := &worker{}
	wired := s.wired.Services[service.Name]
	if wired.LogGroup != "" {
		var err error
		if w.shipper, err = workers.Ship(ctx, cloudwatchlogs.NewFromConfig(s.cfg), wired.LogGroup, events.NewID()); err != nil {
			return nil, err
		}
	}
	process, err := workers.Start(workers.Spec{
		Name: service.Name, Path: s.builder.Path(service.Name), Dir: s.dir, Env: s.environment(service, wired),
		Line: func(line []byte) {
			s.line(service.Name, line)
			if w.shipper != nil {
				w.shipper.Line(line)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	w.process = process
	host, err := process.Ready(ctx)
	if err != nil {
		_ = w.stop() // the error that matters is that it didn't start
		return nil, err
	}
	s.front.serve(service.Name, host)
	return w, nil
}

// databaseVariable names a database for the services with SQL that run here. DATABASE_URL does
// not: many a shell has one, of a database that is none of ours.
const databaseVariable = "TROUPE_DATABASE_URL"

// environment is all that a worker sees: what was wired, its credentials, and of this process's
// own environment what any program needs. Of two values the later counts: what Options.Environment says.
func (s *Stack) environment(service topology.Service, wired wiring.Service) []string {
	env := []string{
		"AWS_ENDPOINT_URL=" + s.Endpoint,
		"AWS_REGION=" + s.cfg.Region,
		"AWS_ACCESS_KEY_ID=" + wired.Credentials.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + wired.Credentials.SecretAccessKey,
		"AWS_SESSION_TOKEN=" + wired.Credentials.SessionToken,
	}
	if service.SQL {
		database := cmp.Or(os.Getenv(databaseVariable), "sqlite://"+filepath.Join(s.dir, service.Name+".db"))
		env = append(env, "DATABASE_URL="+database)
	}
	if service.HTTP {
		env = append(env, "HTTP_ADDR="+freePort)
	}
	for _, inherited := range os.Environ() {
		name, _, _ := strings.Cut(inherited, "=")
		if slices.Contains([]string{"PATH", "HOME", "TMPDIR", "GORACE"}, name) || strings.HasPrefix(name, "OTEL_") {
			env = append(env, inherited)
		}
	}
	for name, value := range wired.Environment {
		env = append(env, name+"="+value)
	}
	return env
}

// line handles a line of a service's log, wherever the service runs.
func (s *Stack) line(service string, line []byte) {
	s.Steps.Line(line)
	if s.options.Line != nil {
		s.options.Line(service, line)
	}
}
