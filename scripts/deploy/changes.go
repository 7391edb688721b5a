package main

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// kind is the kind of a change.
type kind string

const (
	add     kind = "+"
	alter   kind = "~"
	replace kind = "-/+"
	destroy kind = "-"
)

// change is the planned change of one resource.
type change struct {
	part     string // the service, or what else it belongs to
	resource string // its address within the part
	kind     kind
	members  []string // attributes that change
	stateful bool     // it holds data
	guarded  bool     // it is protected from being destroyed
}

// stateful are the types of resources that hold data which can't be recreated.
var stateful = []string{
	"aws_cloudwatch_event_archive", "aws_cloudwatch_log_group", "aws_db_instance", "aws_dynamodb_table",
	"aws_ecr_repository", "aws_sqs_queue",
}

// losesData reports whether the change destroys data.
func (c change) losesData() bool { return c.stateful && (c.kind == replace || c.kind == destroy) }

// changesOf returns the changes of a plan, sorted by part and resource.
func changesOf(p *tfjson.Plan) (changes []change) {
	for _, r := range p.ResourceChanges {
		c := change{part: part(r.Address), resource: local(r.Address), stateful: slices.Contains(stateful, r.Type)}
		switch actions := r.Change.Actions; {
		case actions.Create():
			c.kind = add
		case actions.Update():
			c.kind, c.members = alter, members(r.Change)
		case actions.Replace():
			c.kind, c.members = replace, replacing(r.Change)
		case actions.Delete():
			c.kind = destroy
		default: // no change, or only read
			continue
		}
		before, _ := r.Change.Before.(map[string]any)
		c.guarded = before["deletion_protection"] == true || before["deletion_protection_enabled"] == true
		changes = append(changes, c)
	}
	slices.SortFunc(changes, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.resource, b.resource))
	})
	return changes
}

// part returns what a resource belongs to: a service, another module, or the environment.
func part(address string) string {
	if rest, ok := strings.CutPrefix(address, `module.service["`); ok {
		name, _, _ := strings.Cut(rest, `"`)
		return name
	}
	if rest, ok := strings.CutPrefix(address, "module."); ok {
		name, _, _ := strings.Cut(rest, ".")
		name, _, _ = strings.Cut(name, "[")
		return "(" + name + ")"
	}
	return "(environment)"
}

// local returns an address without its leading module.
func local(address string) string {
	if !strings.HasPrefix(address, "module.") {
		return address
	}
	at := strings.Index(address, ".aws_")
	return address[at+1:]
}

// members returns the attributes that differ.
func members(c *tfjson.Change) (names []string) {
	before, _ := c.Before.(map[string]any)
	after, _ := c.After.(map[string]any)
	unknown, _ := c.AfterUnknown.(map[string]any)
	for name, value := range after {
		if !reflect.DeepEqual(value, before[name]) {
			names = append(names, name)
		}
	}
	for name, whole := range unknown {
		if _, known := after[name]; !known && whole == true {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// replacing returns the attributes that force a replacement.
func replacing(c *tfjson.Change) (names []string) {
	for _, path := range c.ReplacePaths {
		if steps, ok := path.([]any); ok && len(steps) > 0 {
			names = append(names, fmt.Sprint(steps[0]))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
