package main

import (
	"context"
	"errors"
	"fmt"

	"example.com/troupe/scripts/internal/contracts"
	"example.com/troupe/scripts/internal/stack"
)

// contractsSince returns a check that no schema breaks somebody who had it at base. Where base isn't known, as in a shallow
// clone, it says so.
func contractsSince(base string) func(context.Context) error {
	return func(ctx context.Context) error {
		now, err := stack.Load(".")
		if err != nil {
			return err
		}
		before, err := contracts.At(ctx, ".", base)
		if _, unknown := errors.AsType[*contracts.UnknownBaseError](err); unknown {
			return notice("not compared: " + err.Error())
		}
		if err != nil {
			return err
		}
		report, err := contracts.Since(before, now)
		switch {
		case err != nil:
			return err
		case report.Breaking > 0:
			return fmt.Errorf("%s\n%d changes since %s break somebody", report, report.Breaking, base)
		case len(report.Lines) > 0:
			return notice(report.String())
		}
		return nil
	}
}
