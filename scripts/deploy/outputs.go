package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"example.com/troupe/scripts/internal/target"
)

// outputs reads the outputs from the environment's state; they are empty before the first deployment.
func (d *deployment) outputs(ctx context.Context) (target.Outputs, error) {
	return target.ReadOutputs(d.signals(ctx), d.terraform)
}

// printOutputs prints where the environment is.
func (d *deployment) printOutputs(o target.Outputs) {
	fmt.Fprintf(d.Out, "\nregion  %s\nbus     %s\n", o.Region, o.EventBusName)
	if o.API != "" {
		fmt.Fprintf(d.Out, "API     %s\n", o.API)
	}
	for _, service := range slices.Sorted(maps.Keys(o.LogGroups)) {
		fmt.Fprintf(d.Out, "logs    %s\n", o.LogGroups[service])
	}
}
