package stack

import (
	"context"
	"fmt"
	"strings"

	"example.com/troupe/scripts/internal/codegen"
)

// build generates the events' types where they aren't what the schemas say now, and builds services.
func (s *Stack) build(ctx context.Context, services ...string) error {
	written, err := codegen.Write(s.options.Root)
	if err != nil {
		return fmt.Errorf("generate the events' types: %w", err)
	}
	if len(written) > 0 && s.options.Log != nil {
		fmt.Fprintln(s.options.Log, "generated", strings.Join(written, ", "))
	}
	return s.builder.Build(ctx, services...)
}
