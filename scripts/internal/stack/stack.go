package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
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

// Options are how to run the troupe. Root is all that is needed.
type Options struct {
	Root        string                       // the checkout
	Only        []string                     // services to run; none stands for all
	Endpoint    string                       // somebody else's; "" starts a local cloud
	CloudAddr   string                       // where that listens; "" is a free loopback port
	Data        string                       // folder that keeps the state of the local cloud and the databases; "" keeps nothing
	APIAddr     string                       // where the HTTP API listens; "" is a free loopback port
	Environment map[string]map[string]string // variables, by service, that come before those that are wired
	Race        bool                         // build services with the race detector
	Log         io.Writer                    // progress; may be nil
	Steps       *trace.Collector             // takes the steps; nil makes one

	// Line, where set, takes every line that a service logs. It is called by many goroutines.
	Line func(service string, line []byte)
}

// Phase is a part of the start and how long it took.
type Phase struct {
	Name     string        `json:"name"`
	Duration time.Duration `json:"ns"`
}

// Stack is a troupe that runs.
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
	cloud    *localCloud // nil with somebody else's endpoint
	front    *front
	api      *http.Server
	serving  sync.WaitGroup
	workers  map[string]*worker
	dir      string            // of the workers: their databases
	prints   map[string][]byte // fingerprints of what runs, by service
}

// Start builds, wires and starts everything. The stack must be closed, and the context lasts as
// long as the start.
func Start(ctx context.Context, options Options) (_ *Stack, err error) {
	s := &Stack{options: options, Steps: options.Steps, workers: map[string]*worker{}}
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
	s.builder = build.Builder{Root: options.Root, Dir: binaries(options), Race: options.Race, Log: options.Log}
	for _, phase := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"build", func(ctx context.Context) error { return s.builder.Build(ctx, s.services()...) }},
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

// services are those that run.
func (s *Stack) services() []string {
	if len(s.options.Only) > 0 {
		return s.options.Only
	}
	return s.declared.Services()
}

// binaries is where binaries are kept between runs, so that what has not changed need not be linked again.
func binaries(options Options) string {
	name := "bin"
	if options.Race {
		name = "bin-race"
	}
	return filepath.Join(options.Root, ".troupe", name)
}

// reach starts the local cloud, or makes sure that the endpoint is there.
func (s *Stack) reach(ctx context.Context) (err error) {
	s.Endpoint = s.options.Endpoint
	if s.Endpoint != "" {
		err = endpoint.Reachable(ctx, s.Endpoint)
	} else if s.cloud, err = startCloud(cloud.Options{Addr: s.options.CloudAddr, Data: s.options.Data}, s.line); err == nil {
		s.Endpoint = s.cloud.server.Endpoint
	}
	s.cfg = endpoint.At(s.Endpoint)
	return err
}

// wire makes everything at the endpoint. The bus comes first: its ARN tells the account and
// the region that all other names have.
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
		return fmt.Errorf("the endpoint's name of the bus: %w", err)
	}
	names.Region, names.Account = name.Region, name.AccountID
	if s.topology, err = s.declared.Topology(names, s.options.Environment); err != nil {
		return err
	}
	if s.prints, err = s.fingerprints(s.topology, s.services()); err != nil {
		return err
	}
	if err := s.removeGone(ctx); err != nil {
		return err
	}
	s.wired, err = s.wirer.Wire(ctx, s.topology, s.services()...)
	return err
}

// removeGone removes what the data folder knows of services that were deleted since. At somebody else's endpoint they may be
// somebody else's.
func (s *Stack) removeGone(ctx context.Context) error {
	if s.cloud == nil || s.options.Data == "" {
		return nil
	}
	gone, err := s.wirer.Gone(ctx, s.topology)
	if err != nil {
		return err
	}
	if len(gone) > 0 && s.options.Log != nil {
		fmt.Fprintln(s.options.Log, Removed(gone))
	}
	return s.wirer.Remove(ctx, s.topology, gone...)
}

// Removed says what became of services that were deleted.
func Removed(services []string) string {
	return fmt.Sprintf("removed %s, whose folder is gone: functions, rules and queues are deleted; tables and logs stay", strings.Join(services, ", "))
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

// startServices starts what is not a function, and the HTTP API.
func (s *Stack) startServices(ctx context.Context) (err error) {
	if err := s.makeDir(); err != nil {
		return fmt.Errorf("make a folder for the workers: %w", err)
	}
	s.front = &front{next: s.functions()}
	s.front.route(s.topology, s.isWorker)
	if err := s.startWorkers(ctx, s.services()...); err != nil {
		return err
	}
	listener, err := listen(s.options.APIAddr)
	if err != nil {
		return err
	}
	s.API = "http://" + listener.Addr().String()
	s.api = &http.Server{Handler: s.front, ReadHeaderTimeout: 10 * time.Second}
	s.serving.Go(func() { _ = s.api.Serve(listener) }) // it ends with Close
	return nil
}
