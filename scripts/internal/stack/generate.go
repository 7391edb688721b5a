package stack

import (
	"fmt"
	"strings"

	"example.com/troupe/scripts/internal/codegen"
)

// generate writes the events' types where they aren't what the schemas say now.
func (s *Stack) generate() error {
	written, err := codegen.Write(s.options.Root)
	if err != nil {
		return fmt.Errorf("generate the events' types: %w", err)
	}
	if len(written) > 0 && s.options.Log != nil {
		fmt.Fprintln(s.options.Log, "generated", strings.Join(written, ", "))
	}
	return nil
}
