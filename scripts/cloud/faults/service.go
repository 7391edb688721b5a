package faults

import (
	"context"
	"slices"
	"sync"

	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// Name is the service name in signatures of its requests.
const Name = "faults"

// Shapes is the namespace of its error types.
const Shapes = "local.faults"

// Service holds the faults of a cloud. Create it with New; it needs no Close.
type Service struct {
	services map[string]wire.Table // the services that can fail, by name

	mu     sync.Mutex
	faults []*active // in the order in which they were put
}

// New returns a service without faults. services are those that can fail.
func New(services map[string]wire.Table) *Service { return &Service{services: services} }

// Wire returns the table of operations. Only root may call them.
func (s *Service) Wire() *wire.Service {
	return &wire.Service{
		Name:    Name,
		Target:  "Faults",
		Version: "1.1",
		Shapes:  Shapes,
		Operations: []wire.Operation{
			wire.Op("PutFault", s.PutFault, nil),
			wire.Op("DeleteFault", s.DeleteFault, nil),
			wire.Op("ListFaults", s.ListFaults, nil),
		},
	}
}

// Listed is a fault with the number of its strikes.
type Listed struct {
	Fault
	Strikes int
	Over    bool // whether Count has been reached
}

// PutFault adds a fault, or replaces the one with the same id.
func (s *Service) PutFault(_ context.Context, in *Fault) (*Listed, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := s.checkOperation(in); err != nil {
		return nil, err
	}
	if in.Id == "" {
		in.Id = requestid.New()
	}
	put := newActive(*in)
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.index(in.Id); at >= 0 {
		s.faults[at] = put
	} else {
		s.faults = append(s.faults, put)
	}
	return &Listed{Fault: *in}, nil
}

// checkOperation rejects unknown services and operations.
func (s *Service) checkOperation(f *Fault) error {
	table, known := s.services[f.Service]
	switch {
	case f.Service == "" && f.Operation != "":
		return invalid("an Operation needs its Service")
	case f.Service != "" && !known:
		return invalid("the local cloud has no service %.40q that can fail", f.Service)
	case f.Operation != "" && !slices.Contains(table.Names(), f.Operation):
		return invalid("the local cloud has no operation %.100q of %s", f.Operation, f.Service)
	}
	return nil
}

// DeleteFaultInput identifies a fault.
type DeleteFaultInput struct{ Id string }

// Empty is an input or an output without members.
type Empty struct{}

// DeleteFault removes a fault.
func (s *Service) DeleteFault(_ context.Context, in *DeleteFaultInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.index(in.Id)
	if at < 0 {
		return nil, wire.Errorf("ResourceNotFoundException", "there is no fault %.100q", in.Id)
	}
	s.faults = slices.Delete(s.faults, at, at+1)
	return &Empty{}, nil
}

// ListFaultsOutput holds all faults in the order in which they were put.
type ListFaultsOutput struct{ Faults []Listed }

// ListFaults lists the faults and how often each has struck.
func (s *Service) ListFaults(context.Context, *Empty) (*ListFaultsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListFaultsOutput{Faults: make([]Listed, len(s.faults))}
	for i, f := range s.faults {
		out.Faults[i] = Listed{Fault: f.Fault, Strikes: f.strikes, Over: f.over()}
	}
	return out, nil
}

// index returns the position of a fault. The caller holds the mutex.
func (s *Service) index(id string) int {
	return slices.IndexFunc(s.faults, func(f *active) bool { return f.Id == id })
}
