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
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

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

	stopping atomic.Bool // its end is no problem
	watching sync.WaitGroup
	told     bool // that it ended; read it after watching
}

// watch notes a problem if the process ends although nobody stopped it.
func (s *Stack) watch(service string, w *worker) {
	w.watching.Go(func() {
		<-w.process.Exited()
		if !w.stopping.Load() {
			s.problems.add(problem{service, running}, "ended: "+w.process.Ended().Error()+"\nIt starts again when its source changes; on AWS, ECS would start it again.")
			w.told = s.options.KeepGoing
		}
	})
}

func (w *worker) stop() error {
	w.stopping.Store(true)
	err := w.process.Stop()
	if w.watching.Wait(); w.told {
		err = nil
	}
	if w.shipper != nil {
		err = errors.Join(err, w.shipper.Close())
	}
	return err
}

// isWorker reports whether a service runs as a process. Without the local cloud, all services do.
func (s *Stack) isWorker(service topology.Service) bool {
	return s.cloud == nil || service.Runtime == manifest.Worker
}

// start starts services concurrently: workers as processes, and an environment of each function, which would otherwise
// first start with its first event. A worker replaces its running predecessor once it is ready. refused holds a
// *StartError for each service that doesn't start.
func (s *Stack) start(ctx context.Context, services ...string) (refused []*StartError, err error) {
	var group sync.WaitGroup
	var mu sync.Mutex
	for _, service := range s.topology.Services {
		if !slices.Contains(services, service.Name) {
			continue
		}
		group.Go(func() {
			problem := s.startService(ctx, service, &mu)
			mu.Lock()
			defer mu.Unlock()
			if why, ok := errors.AsType[*StartError](problem); ok {
				s.refused(why, s.isWorker(service))
				refused = append(refused, why)
			} else {
				err = errors.Join(err, problem)
			}
		})
	}
	group.Wait()
	slices.SortFunc(refused, func(a, b *StartError) int { return strings.Compare(a.Service, b.Service) })
	return refused, err
}

// join returns the errors of services that don't start as one.
func join(refused []*StartError) (err error) {
	for _, why := range refused {
		err = errors.Join(err, why)
	}
	return err
}

// refused notes that a service doesn't start. Its previous version may still run.
func (s *Stack) refused(err *StartError, worker bool) {
	why := err.text()
	if s.workers[err.Service] != nil {
		why += "\nThe previous version keeps running."
	}
	if !worker {
		s.problems.note(problem{err.Service, running}, why) // the tap's hop tells it, after the lines of the function's log
		return
	}
	s.problems.add(problem{err.Service, running}, why)
}

// startService starts a service. The mutex guards the workers.
func (s *Stack) startService(ctx context.Context, service topology.Service, mu *sync.Mutex) error {
	if s.byHand(service.Name) {
		return s.expect(ctx, service, mu)
	}
	if !s.isWorker(service) {
		return s.warm(service)
	}
	started, err := s.startWorker(ctx, service)
	if err != nil {
		return err
	}
	s.started(service.Name)
	mu.Lock()
	before := s.workers[service.Name]
	s.workers[service.Name] = started
	mu.Unlock()
	if before == nil {
		return nil
	}
	return before.stop()
}

// warm starts an environment of a function.
func (s *Stack) warm(service topology.Service) error {
	if service.Function == nil {
		return nil
	}
	log, err := s.cloud.server.Lambda.Warm(service.Function.Name)
	if err != nil {
		return notStarted(service.Name, err.Error(), log)
	}
	s.started(service.Name) // the tap says it too, a moment later
	return nil
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
		if ctx.Err() == nil {
			err = &StartError{service.Name, process.Ended().Error()}
		}
		return nil, err
	}
	s.watch(service.Name, w)
	s.front.serve(service.Name, host)
	return w, nil
}

// databaseVariable names a database for the services with SQL that run here. DATABASE_URL does
// not: many a shell has one, of a database that is none of ours.
const databaseVariable = "TROUPE_DATABASE_URL"

// environment is all that a worker sees: what was wired, its credentials, and of this process's
// own environment what any program needs. Of two values the later counts: what Options.Environment says.
func (s *Stack) environment(service topology.Service, wired wiring.Service) []string {
	env := s.variables(service, wired, freePort)
	for _, inherited := range os.Environ() {
		name, _, _ := strings.Cut(inherited, "=")
		if slices.Contains([]string{"PATH", "HOME", "TMPDIR", "GORACE"}, name) || strings.HasPrefix(name, "OTEL_") {
			env = append([]string{inherited}, env...)
		}
	}
	return env
}

// variables returns what was wired for a service that serves its routes at an address, if it has any.
func (s *Stack) variables(service topology.Service, wired wiring.Service, address string) []string {
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
		env = append(env, "HTTP_ADDR="+address)
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
