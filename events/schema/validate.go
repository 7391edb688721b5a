package schema

import (
	"strings"
	"sync"

	"example.com/troupe/events"
)

// InvalidError lists all that is wrong with an event's data.
type InvalidError struct {
	Type       string // "lamp.lit.v1"
	Violations []Violation
}

func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		parts[i] = v.String()
	}
	return "the data is no " + e.Type + ": " + strings.Join(parts, "; ")
}

// compiled holds func() (*Schema, error) by *events.Contract: those of the generated
// packages and the few that a tool loads, for the life of the process.
var compiled sync.Map

// Validate checks an event's data against the schema of its contract. Data that breaks
// it is an *InvalidError; any other error says that the schema itself is unfit. A
// contract's schema is compiled once; Validate is safe for concurrent use.
func Validate(contract *events.Contract, data []byte) error {
	compile, known := compiled.Load(contract)
	if !known {
		compile, _ = compiled.LoadOrStore(contract, sync.OnceValues(func() (*Schema, error) {
			return Compile(contract.Type, contract.Schema)
		}))
	}
	schema, err := compile.(func() (*Schema, error))()
	if err != nil {
		return err
	}
	if violations := schema.Check(data); len(violations) > 0 {
		return &InvalidError{Type: contract.Type, Violations: violations}
	}
	return nil
}
