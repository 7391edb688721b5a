package stack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/workers"
)

// breakpoint is how long a service that runs by hand may stand still: its queue hides a message for that long, and its
// handlers have nearly as long.
const breakpoint = 15 * time.Minute

// hand is a service that somebody runs by hand. The process connects to send a copy of its log, and its connection says
// that it runs.
type hand struct {
	service  string
	file     string // that contains its environment
	address  string // where it must serve its routes
	listener net.Listener
	shipper  *workers.Shipper // nil where the endpoint keeps no logs
	taking   sync.WaitGroup

	mu     sync.Mutex
	now    net.Conn // of the process; nil if none runs
	closed bool
}

// byHand reports whether somebody runs a service by hand.
func (s *Stack) byHand(service string) bool { return slices.Contains(s.options.Without, service) }

// local derives the resources. A service that runs by hand is a worker that may stand still for a while, whatever it is
// declared to be.
func (s *Stack) local(declared *Declared, names topology.Names) (*topology.Topology, error) {
	t, err := declared.Local(names, s.options.variables(declared))
	if err != nil {
		return nil, err
	}
	for i := range t.Services {
		service := &t.Services[i]
		if !s.byHand(service.Name) {
			continue
		}
		service.Runtime, service.Function, service.Mapping = manifest.Worker, nil, nil
		if service.Queue != nil {
			service.Queue.VisibilitySeconds = int(breakpoint / time.Second)
		}
	}
	return t, nil
}

// expect prepares for a service that somebody runs by hand: it listens for its log, writes its environment, and sends its
// routes where it will serve them. The mutex guards the hands.
func (s *Stack) expect(ctx context.Context, service topology.Service, mu *sync.Mutex) error {
	mu.Lock()
	h := s.hands[service.Name]
	mu.Unlock()
	if h == nil {
		var err error
		if h, err = s.listenFor(ctx, service); err != nil {
			return fmt.Errorf("wait for %s, which runs by hand: %w", service.Name, err)
		}
		mu.Lock()
		s.hands[service.Name] = h
		mu.Unlock()
	}
	if !h.runs() {
		s.idle(h)
	}
	s.front.serve(service.Name, h.address)
	variables := append(s.variables(service, s.wired.Services[service.Name], h.address),
		"LOG_COPY="+h.listener.Addr().String(), fmt.Sprintf("TIMEOUT_SECONDS=%d", int(breakpoint/time.Second)-60))
	return writeVariables(h.file, variables)
}

func (s *Stack) listenFor(ctx context.Context, service topology.Service) (*hand, error) {
	h := &hand{service: service.Name, file: VariablesFile(s.options.Root, service.Name)}
	routes, err := net.Listen("tcp", freePort) // reserves a port for its routes
	if err != nil {
		return nil, err
	}
	h.address = routes.Addr().String()
	if err := routes.Close(); err != nil {
		return nil, err
	}
	if group := s.wired.Services[service.Name].LogGroup; group != "" {
		if h.shipper, err = workers.Ship(ctx, cloudwatchlogs.NewFromConfig(s.cfg), group, events.NewID()); err != nil {
			return nil, err
		}
	}
	if h.listener, err = net.Listen("tcp", freePort); err != nil {
		return nil, err
	}
	h.taking.Go(func() {
		for {
			process, err := h.listener.Accept()
			if err != nil {
				return // closed
			}
			h.taking.Go(func() { s.take(h, process) })
		}
	})
	return h, nil
}

// take takes the log of a process, unless another one runs.
func (s *Stack) take(h *hand, process net.Conn) {
	defer process.Close()
	if !h.begin(process) {
		fmt.Fprintf(process, "%s runs already\n", h.service) // it may have gone
		return
	}
	defer func() {
		if h.end() {
			s.idle(h)
		}
	}()
	s.started(h.service)
	if _, err := fmt.Fprintln(process); err != nil {
		return
	}
	for lines := bufio.NewReader(process); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		line = line[:len(line)-1]
		s.line(h.service, line)
		if h.shipper != nil {
			h.shipper.Line(line)
		}
	}
}

// idle notes that a service doesn't run.
func (s *Stack) idle(h *hand) {
	s.problems.add(problem{h.service, running}, "is left out: run it with make run SERVICE="+h.service+", or in your editor with the environment in "+h.file)
}

// advice says how to start a service that doesn't answer, if that is for somebody to do.
func (s *Stack) advice(service string) string {
	if !s.byHand(service) {
		return ""
	}
	return "; make run SERVICE=" + service + " runs it"
}

// begin keeps the connection of a process, and reports whether it is the only one.
func (h *hand) begin(process net.Conn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now != nil || h.closed {
		return false
	}
	h.now = process
	return true
}

func (h *hand) runs() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now != nil
}

// end forgets the process, and reports whether another one is still expected.
func (h *hand) end() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = nil
	return !h.closed
}

// close ends the wait for a process. One that runs goes on, unseen.
func (h *hand) close() error {
	err := errors.Join(os.Remove(h.file), h.listener.Close())
	h.mu.Lock()
	h.closed = true
	if h.now != nil {
		err = errors.Join(err, h.now.Close())
	}
	h.mu.Unlock()
	h.taking.Wait()
	if h.shipper != nil {
		err = errors.Join(err, h.shipper.Close())
	}
	return err
}
