package dynamodb

import (
	"maps"
	"sync"
	"time"

	"example.com/localcloud/journal"
)

// Service is the tables of one account in one region.
type Service struct {
	// Conflict, if set before the first request, is asked about each item that is about to be written, or read in a
	// transaction. True makes the request fail as one that met another transaction does on AWS; here they
	// take turns otherwise. It must not call the service.
	Conflict func(table string, key Item) bool

	journal *journal.Journal // nil: everything is lost with the process

	mu     sync.Mutex
	tables map[string]*table
	claims claims
}

// New returns a service without tables.
func New() *Service {
	return &Service{tables: map[string]*table{}}
}

// table returns a table as it is now, to be read without a lock.
func (s *Service) table(name string) (*table, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current(name)
}

// current is table for those who hold the lock.
func (s *Service) current(name string) (*table, error) {
	t, ok := s.tables[tableName(name)]
	if !ok {
		return nil, errNoTable
	}
	swept := t.swept(time.Now())
	s.journal.Save(swept.taken()...)
	s.tables[t.name] = swept
	return swept, nil
}

// draft is the tables that a write works on: clones that nobody else sees until it has succeeded.
type draft struct {
	service *Service
	tables  map[string]*table
	noted   []journal.Change // to be saved with the tables
}

func (d *draft) table(name string) (*table, error) {
	if t, ok := d.tables[tableName(name)]; ok {
		return t, nil
	}
	t, err := d.service.current(name)
	if err != nil {
		return nil, err
	}
	d.tables[t.name] = t.clone()
	return d.tables[t.name], nil
}

// write runs f while no other write does, and keeps what it did if it succeeds.
func (s *Service) write(f func(*draft) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &draft{service: s, tables: map[string]*table{}}
	if err := f(d); err != nil {
		return err
	}
	for _, t := range d.tables {
		d.noted = append(d.noted, t.taken()...)
	}
	s.journal.Save(d.noted...)
	maps.Copy(s.tables, d.tables)
	return nil
}
