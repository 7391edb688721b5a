package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"example.com/localcloud"
	"example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/trace"
	"example.com/troupe/scripts/internal/wiring"
)

// Options configure a stack. Only Root is required.
type Options struct {
	Root        string                       // the checkout
	Only        []string                     // services to run; empty means all
	Without     []string                     // services of these that somebody runs by hand; see Variables
	Endpoint    string                       // another endpoint; "" starts a local cloud
	CloudAddr   string                       // where the local cloud listens; "" is a free loopback port
	Data        string                       // folder for the state of the local cloud and the databases; "" keeps nothing
	APIAddr     string                       // where the HTTP API listens; "" is a free loopback port
	Environment map[string]map[string]string // variables, by service, that override the wired ones
	Personal    bool                         // services show personal data in steps and logs
	Race        bool                         // build services with the race detector
	Log         io.Writer                    // receives progress messages; may be nil
	Steps       *trace.Collector             // collects the steps; nil creates a new collector

	// KeepGoing starts the other services even if some don't start. They are told to Problem.
	KeepGoing bool

	// Problem, if set, is called with what a service can't tell itself: that it doesn't start or ended, that an
	// invocation failed, that a permission is missing, that something isn't delivered to it. It is called from many
	// goroutines.
	Problem func(service, why string)

	// Line, if set, is called with every line that a service logs, from many goroutines.
	Line func(service string, line []byte)
}

// variables returns the variables, by service, that override the wired ones.
func (o Options) variables(declared *Declared) map[string]map[string]string {
	if !o.Personal {
		return o.Environment
	}
	all := map[string]map[string]string{}
	for _, service := range declared.Services() {
		all[service] = map[string]string{"TRACE_PERSONAL": "true"}
		maps.Copy(all[service], o.Environment[service])
	}
	return all
}

// Phase is a phase of the start and how long it took.
type Phase struct {
	Name     string        `json:"name"`
	Duration time.Duration `json:"ns"`
}

// Stack is a running troupe.
type Stack struct {
	Endpoint string // URL of the AWS-compatible endpoint
	API      string // URL of the HTTP API
	Steps    *trace.Collector
	Phases   []Phase

	options  Options
	declared *Declared
	topology *topology.Topology
	builder  build.Builder
	cfg      aws.Config
	wirer    *wiring.Wirer
	wired    *wiring.Wired
	cloud    *localCloud // nil at another endpoint
	front    *front
	api      *http.Server
	serving  sync.WaitGroup
	workers  map[string]*worker
	hands    map[string]*hand // of the services that somebody runs by hand
	problems problems
	dir      string            // of the workers' databases
	prints   map[string][]byte // fingerprints of the running services
}

// Start builds, wires and starts everything. The context only bounds the start. The caller must close the stack.
func Start(ctx context.Context, options Options) (_ *Stack, err error) {
	s := &Stack{options: options, Steps: options.Steps, workers: map[string]*worker{}, hands: map[string]*hand{}, problems: problems{tell: options.Problem}}
	if s.Steps == nil {
		s.Steps = &trace.Collector{}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.declared, err = Load(options.Root); err != nil {
		return nil, err
	}
	if err := s.declared.Has(options.Without...); err != nil {
		return nil, err
	}
	s.builder = build.Builder{Root: options.Root, Dir: binaries(options), Race: options.Race, Log: options.Log}
	for _, phase := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"build", func(ctx context.Context) error { return s.build(ctx, s.built(s.services())...) }},
		{"cloud", s.reach},
		{"wire", s.wire},
		{"start", s.startServices},
	} {
		began := time.Now()
		if err := phase.run(ctx); err != nil {
			return nil, err
		}
		s.Phases = append(s.Phases, Phase{phase.name, time.Since(began)})
	}
	return s, nil
}

// services returns the names of the services to run.
func (s *Stack) services() []string {
	if len(s.options.Only) > 0 {
		return s.options.Only
	}
	return s.declared.Services()
}

// built returns those of the services that run here, and so are built.
func (s *Stack) built(services []string) []string {
	return slices.DeleteFunc(slices.Clone(services), s.byHand)
}

// binaries returns the folder that keeps binaries between runs, so that unchanged services aren't linked again.
func binaries(options Options) string {
	name := "bin"
	if options.Race {
		name = "bin-race"
	}
	return filepath.Join(options.Root, ".troupe", name)
}

// reach starts the local cloud, or checks that the endpoint answers.
func (s *Stack) reach(ctx context.Context) (err error) {
	s.Endpoint = s.options.Endpoint
	if s.Endpoint != "" {
		err = endpoint.Reachable(ctx, s.Endpoint)
	} else if s.cloud, err = startCloud(cloud.Options{Addr: s.options.CloudAddr, Data: s.options.Data}, s.hop); err == nil {
		s.Endpoint = s.cloud.server.Endpoint
	}
	s.cfg = endpoint.At(s.Endpoint)
	return err
}

// wire creates everything at the endpoint. It creates the bus first, because the bus's ARN contains the account and
// the region that all other names need.
func (s *Stack) wire(ctx context.Context) error {
	s.wirer = wiring.New(s.cfg)
	s.wirer.WorkersOnly = s.cloud == nil
	s.wirer.Code = func(service string) ([]byte, error) { return build.Zip(s.builder.Path(service)) }
	names := topology.Names{Project: Project, Env: Env}
	bus, err := s.wirer.Bus(ctx, names.Prefix())
	if err != nil {
		return err
	}
	name, err := arn.Parse(bus)
	if err != nil {
		return fmt.Errorf("parse the ARN of the bus: %w", err)
	}
	names.Region, names.Account = name.Region, name.AccountID
	if s.topology, err = s.local(s.declared, names); err != nil {
		return err
	}
	if s.prints, err = s.fingerprints(s.topology, s.services()); err != nil {
		return err
	}
	if err := s.removeDeleted(ctx); err != nil {
		return err
	}
	s.wired, err = s.wirer.Wire(ctx, s.topology, s.services()...)
	return err
}

// removeDeleted removes what the data folder still contains of deleted services. At another endpoint it removes nothing,
// since the services there may belong to someone else.
func (s *Stack) removeDeleted(ctx context.Context) error {
	if s.cloud == nil || s.options.Data == "" {
		return nil
	}
	deleted, err := s.wirer.Deleted(ctx, s.topology)
	if err != nil {
		return err
	}
	if len(deleted) > 0 && s.options.Log != nil {
		fmt.Fprintln(s.options.Log, Removed(deleted))
	}
	return s.wirer.Remove(ctx, s.topology, deleted...)
}

// Removed returns a message about services that were removed.
func Removed(services []string) string {
	return fmt.Sprintf("removed %s, whose folder was deleted: functions, rules and queues are deleted; tables and logs stay", strings.Join(services, ", "))
}

func (s *Stack) makeDir() (err error) {
	if s.options.Data == "" {
		s.dir, err = os.MkdirTemp("", "troupe-")
		return err
	}
	if s.dir, err = filepath.Abs(filepath.Join(s.options.Data, "workers")); err != nil {
		return err
	}
	return os.MkdirAll(s.dir, 0o700)
}

// startServices starts the services and the HTTP API.
func (s *Stack) startServices(ctx context.Context) (err error) {
	if err := s.makeDir(); err != nil {
		return fmt.Errorf("create a folder for the workers: %w", err)
	}
	s.front = &front{next: s.functions(), advice: s.advice}
	s.front.route(s.topology, s.isWorker)
	refused, err := s.start(ctx, s.services()...)
	if !s.options.KeepGoing {
		err = errors.Join(err, join(refused))
	}
	if err != nil {
		return err
	}
	listener, err := listen(s.options.APIAddr)
	if err != nil {
		return err
	}
	s.API = "http://" + listener.Addr().String()
	s.api = &http.Server{Handler: s.front, ReadHeaderTimeout: 10 * time.Second}
	s.serving.Go(func() { _ = s.api.Serve(listener) }) // returns after Close
	return nil
}
