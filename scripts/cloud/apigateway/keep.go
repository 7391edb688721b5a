package apigateway

import "example.com/localcloud/journal"

// The kinds of journal entries.
const (
	kindAPI  = "apigateway/api"  // by id
	kindNext = "apigateway/next" // the last number used in an id
)

type apiEntry struct {
	API
	Integrations []Integration
	Routes       []Route
	Stages       []Stage
}

// keep saves an API with its integrations, routes and stages. The caller holds the lock.
func (s *Service) keep(a *api) {
	s.journal.Save(
		journal.Change{Kind: kindAPI, Key: a.APIID, Value: apiEntry{a.API, a.integrations, a.routes, a.stages}},
		journal.Change{Kind: kindNext, Value: s.next},
	)
}

// Restore loads the state from a journal and saves every later change there. Call it once, before anything else.
func (s *Service) Restore(j *journal.Journal) error {
	s.journal = j
	err := journal.Load(j, kindNext, func(_ string, next int) error {
		s.next = next
		return nil
	})
	if err != nil {
		return err
	}
	return journal.Load(j, kindAPI, func(id string, e apiEntry) (err error) {
		for i := range e.Routes {
			if e.Routes[i].key, err = parseRouteKey(e.Routes[i].RouteKey); err != nil {
				return err
			}
		}
		s.apis[id] = &api{e.API, e.Integrations, e.Routes, e.Stages}
		return nil
	})
}
