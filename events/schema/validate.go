package schema

import (
	"strings"
	"sync"

	"example.com/troupe/events"
)

// InvalidError lists all violations in an event's data.
type InvalidError struct {
	Type       string // "lamp.lit.v1"
	Violations []Violation
}

func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		parts[i] = v.String()
	}
	return "the data is not a valid " + e.Type + ": " + strings.Join(parts, "; ")
}

// compiled contains a func() (*Schema, error) for each *events.Contract: those of the generated packages and those
// that a tool loads, for the life of the process.
var compiled sync.Map

// Validate checks an event's data against the schema of its contract. It returns an *InvalidError if the data is
// invalid; any other error means that the schema itself is. It compiles each contract's schema once, and is safe for
// concurrent use.
func Validate(contract *events.Contract, data []byte) error {
	schema, err := schemaOf(contract)
	if err != nil {
		return err
	}
	if violations := schema.Check(data); len(violations) > 0 {
		return &InvalidError{Type: contract.Type, Violations: violations}
	}
	return nil
}

// schemaOf returns the compiled schema of a contract.
func schemaOf(contract *events.Contract) (*Schema, error) {
	compile, known := compiled.Load(contract)
	if !known {
		compile, _ = compiled.LoadOrStore(contract, sync.OnceValues(func() (*Schema, error) {
			return Compile(contract.Type, contract.Schema)
		}))
	}
	return compile.(func() (*Schema, error))()
}
