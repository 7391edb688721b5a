package dynamodb

import (
	"maps"
	"sync"
	"time"

	"example.com/localcloud/bill"
	"example.com/localcloud/journal"
)

// Service holds the tables of one account in one region.
type Service struct {
	// Conflict, if set, is called for each item that a request is about to write, or to read in a transaction. If it
	// returns true, the request fails as it would on AWS if it conflicted with another transaction. Here,
	// transactions run one after the other, so there are no other conflicts. Set it before the first request. It must
	// not call the service.
	Conflict func(table string, key Item) bool

	// Bill, if set, is told the units of every request that succeeds. Set it before the first request.
	Bill *bill.Meter

	journal *journal.Journal // nil: nothing survives the process

	mu     sync.Mutex
	tables map[string]*table
	claims claims
}

// New returns a service without tables.
func New() *Service {
	return &Service{tables: map[string]*table{}}
}

// table returns a snapshot of a table, which needs no lock to read.
func (s *Service) table(nameOrARN string) (*table, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current(nameOrARN)
}

// current is like table, but the caller holds the lock.
func (s *Service) current(nameOrARN string) (*table, error) {
	name, err := localName(nameOrARN)
	if err != nil {
		return nil, err
	}
	t, ok := s.tables[name]
	if !ok {
		return nil, errNoTable
	}
	swept := t.withoutExpired(time.Now())
	s.journal.Save(swept.takeChanges()...)
	s.tables[t.name] = swept
	return swept, nil
}

// draft holds the tables that a write works on: clones that nobody else sees until the write has succeeded.
type draft struct {
	service *Service
	tables  map[string]*table
	noted   []journal.Change // to be saved with the tables
}

func (d *draft) table(nameOrARN string) (*table, error) {
	name, err := localName(nameOrARN)
	if err != nil {
		return nil, err
	}
	if t, ok := d.tables[name]; ok {
		return t, nil
	}
	t, err := d.service.current(name)
	if err != nil {
		return nil, err
	}
	d.tables[t.name] = t.clone()
	return d.tables[t.name], nil
}

// write runs f while no other write runs, and keeps its changes if it succeeds.
func (s *Service) write(f func(*draft) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &draft{service: s, tables: map[string]*table{}}
	if err := f(d); err != nil {
		return err
	}
	for _, t := range d.tables {
		d.noted = append(d.noted, t.takeChanges()...)
	}
	s.journal.Save(d.noted...)
	maps.Copy(s.tables, d.tables)
	return nil
}
