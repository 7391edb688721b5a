package stack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"example.com/troupe/scripts/internal/topology"
)

// Update rebuilds the named services, or all, and replaces those whose binary or service.json has changed. It also
// starts new services, and removes those whose folders were deleted; see wiring.Remove for what stays. If the source
// doesn't compile, the previous versions keep running; so does the previous version of a worker that doesn't start.
// For each service that doesn't start, the error contains a *StartError.
func (s *Stack) Update(ctx context.Context, services ...string) (replaced, removed []string, err error) {
	declared, err := Load(s.options.Root)
	if err != nil {
		return nil, nil, err
	}
	next, err := declared.Local(s.topology.Names, s.options.variables(declared))
	if err != nil {
		return nil, nil, err
	}
	for _, service := range s.declared.Services() {
		if !slices.Contains(declared.Services(), service) {
			removed = append(removed, service)
		}
	}
	if len(removed) > 0 {
		if err := s.remove(ctx, declared, next, removed); err != nil {
			return nil, nil, err
		}
	}
	if len(services) == 0 {
		services = declared.Services()
	}
	if err := s.build(ctx, services...); err != nil {
		return nil, removed, err
	}
	prints, err := s.fingerprints(next, services)
	if err != nil {
		return nil, removed, err
	}
	for _, service := range services {
		if !bytes.Equal(prints[service], s.prints[service]) {
			replaced = append(replaced, service)
		}
	}
	if len(replaced) == 0 {
		return nil, removed, nil
	}
	refused, err := s.replace(ctx, declared, next, prints, replaced)
	for _, why := range refused {
		replaced = slices.DeleteFunc(replaced, func(service string) bool { return service == why.Service })
	}
	return replaced, removed, errors.Join(err, join(refused))
}

// remove stops services that are no longer declared.
func (s *Stack) remove(ctx context.Context, declared *Declared, next *topology.Topology, services []string) error {
	s.declared, s.topology = declared, next
	s.front.route(next, s.isWorker)
	var failures error
	for _, service := range services {
		if w := s.workers[service]; w != nil {
			failures = errors.Join(failures, w.stop())
		}
		delete(s.workers, service)
		delete(s.wired.Services, service)
		delete(s.prints, service)
		s.problems.solve(func(p problem) bool { return p.service == service })
	}
	return errors.Join(failures, s.wirer.Remove(ctx, next, services...))
}

// replace wires services again and starts them. It returns those that don't start.
func (s *Stack) replace(ctx context.Context, declared *Declared, next *topology.Topology, prints map[string][]byte, services []string) (refused []*StartError, err error) {
	wired, err := s.wirer.Wire(ctx, next, services...)
	if err != nil {
		return nil, err
	}
	s.declared, s.topology = declared, next
	for name, service := range wired.Services {
		s.wired.Services[name] = service
	}
	s.front.route(next, s.isWorker)
	s.problems.solve(func(p problem) bool { return p.what == running && slices.Contains(services, p.service) })
	if refused, err = s.start(ctx, services...); err != nil {
		return refused, err
	}
	for _, service := range services {
		s.prints[service] = prints[service]
	}
	for _, why := range refused {
		delete(s.prints, why.Service) // the next update tries again
	}
	return refused, nil
}

// fingerprints returns a hash of each service's binary and declaration.
func (s *Stack) fingerprints(t *topology.Topology, services []string) (map[string][]byte, error) {
	prints := map[string][]byte{}
	declared := map[string]topology.Service{}
	for _, service := range t.Services {
		declared[service.Name] = service
	}
	for _, name := range services {
		print, err := s.fingerprint(name, declared[name])
		if err != nil {
			return nil, fmt.Errorf("compare %s with the running version: %w", name, err)
		}
		prints[name] = print
	}
	return prints, nil
}

func (s *Stack) fingerprint(name string, declared topology.Service) (_ []byte, err error) {
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(declared); err != nil {
		return nil, err
	}
	binary, err := os.Open(s.builder.Path(name))
	if err != nil {
		return nil, err
	}
	defer binary.Close()
	if _, err := io.Copy(hash, binary); err != nil {
		return nil, err
	}
	return hash.Sum(nil), nil
}
