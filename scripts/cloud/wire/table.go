package wire

import "net/http"

// Table is the table of operations of an AWS service. It both serves them and lists their names.
type Table interface {
	Handler() http.Handler
	Names() []string // of its operations
}

// Handler returns a handler that serves the operations.
func (s *Service) Handler() http.Handler { return s }

// Names returns the names of the operations in the order of the table.
func (s *Service) Names() []string {
	names := make([]string, len(s.Operations))
	for i, operation := range s.Operations {
		names[i] = operation.Name
	}
	return names
}

// Names returns the names of the operations in the order of the table.
func (s *REST) Names() []string {
	names := make([]string, len(s.Routes))
	for i, route := range s.Routes {
		names[i] = route.Operation.Name
	}
	return names
}
