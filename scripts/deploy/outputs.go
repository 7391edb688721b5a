package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// queues are the URLs of a service's queues.
type queues struct {
	Main        string `json:"main"`
	DeadLetter  string `json:"dead_letter"`
	Undelivered string `json:"undelivered"`
}

// outputs are those of an environment that deploy has a use for.
type outputs struct {
	Region    string
	AccountID string
	BusName   string
	APIURL    string
	Queues    map[string]queues // by service
	LogGroups map[string]string // by service; "events" is the bus's
}

// outputs reads what the environment's state says; nothing, before the first deploy.
func (d *deployment) outputs(ctx context.Context) (outputs, error) {
	var o outputs
	found, err := d.terraform.Output(d.signals(ctx))
	if err != nil {
		return o, fmt.Errorf("read Terraform's outputs: %w", err)
	}
	for name, field := range map[string]any{
		"region": &o.Region, "account_id": &o.AccountID, "event_bus_name": &o.BusName,
		"api_url": &o.APIURL, "queue_urls": &o.Queues, "log_groups": &o.LogGroups,
	} {
		output, there := found[name]
		if !there {
			continue
		}
		if err := json.Unmarshal(output.Value, field); err != nil {
			return o, fmt.Errorf("read Terraform's output %s: %w", name, err)
		}
	}
	return o, nil
}

// tell prints where the environment is.
func (o outputs) tell(out io.Writer) {
	fmt.Fprintf(out, "\nregion  %s\nbus     %s\n", o.Region, o.BusName)
	if o.APIURL != "" {
		fmt.Fprintf(out, "API     %s\n", o.APIURL)
	}
	for _, service := range slices.Sorted(maps.Keys(o.LogGroups)) {
		fmt.Fprintf(out, "logs    %s\n", o.LogGroups[service])
	}
}
