package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"

	"example.com/troupe/scripts/internal/cli"
)

func changed(address, kind string, actions tfjson.Actions, before, after map[string]any) *tfjson.ResourceChange {
	return &tfjson.ResourceChange{Address: address, Type: kind, Change: &tfjson.Change{
		Actions: actions, Before: before, After: after, AfterUnknown: map[string]any{"etag": true},
		ReplacePaths: []any{[]any{"name"}, []any{"name"}},
	}}
}

func TestSummary(t *testing.T) {
	replaced := tfjson.Actions{tfjson.ActionDelete, tfjson.ActionCreate}
	p := &plan{Plan: &tfjson.Plan{ResourceChanges: []*tfjson.ResourceChange{
		changed(`module.service["harbour"].aws_sqs_queue.main[0]`, "aws_sqs_queue", tfjson.Actions{tfjson.ActionUpdate}, map[string]any{"delay": 1, "same": "x"}, map[string]any{"delay": 2, "same": "x"}),
		changed(`module.service["harbour"].aws_dynamodb_table.this[0]`, "aws_dynamodb_table", replaced, map[string]any{"deletion_protection_enabled": true}, nil),
		changed(`module.service["pilot"].aws_iam_role.this`, "aws_iam_role", tfjson.Actions{tfjson.ActionCreate}, nil, nil),
		changed(`module.service["pilot"].aws_lambda_function.this[0]`, "aws_lambda_function", tfjson.Actions{tfjson.ActionCreate}, nil, nil),
		changed(`module.network[0].aws_vpc.this`, "aws_vpc", tfjson.Actions{tfjson.ActionDelete}, nil, nil),
		changed(`aws_cloudwatch_dashboard.this`, "aws_cloudwatch_dashboard", tfjson.Actions{tfjson.ActionNoop}, nil, nil),
		changed(`module.service["harbour"].data.aws_iam_policy_document.this`, "aws_iam_policy_document", tfjson.Actions{tfjson.ActionRead}, nil, nil),
	}}}
	p.changes = changesOf(p.Plan)
	var out bytes.Buffer
	d := &deployment{Terminal: cli.Terminal{Out: &out}}
	d.summarise(p)
	want := `
(network)  -   aws_vpc.this
harbour    -/+ aws_dynamodb_table.this[0]  name
harbour    ~   aws_sqs_queue.main[0]  delay, etag
pilot      +   2 resources

The data in these is lost for good:
  harbour  aws_dynamodb_table.this[0]

2 to add, 1 to change, 1 to replace, 1 to destroy
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if p.actions() != 6 {
		t.Errorf("there are %d actions", p.actions())
	}
	err := d.guard(p)
	if _, refused := errors.AsType[*cli.ExitError](err); !refused || !strings.Contains(err.Error(), "[harbour aws_dynamodb_table.this[0]]") {
		t.Errorf("a table that is protected would be replaced: %v", err)
	}
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out, total: 10}
	for _, part := range []string{
		"not JSON\n" + `{"type":"apply_progress","hook":{"resource":{"addr":"module.service[\"buoy\"].aws_db_instance.this[0]"},"action":"create","elapsed_seconds":40}}` + "\n" + `{"type":"apply_com`,
		`plete","hook":{"resource":{"addr":"module.bus.aws_cloudwatch_event_bus.this"},"action":"create","elapsed_seconds":2}}` + "\n",
		`{"type":"apply_complete","hook":{"resource":{"addr":"module.bus.data.aws_iam_policy_document.bus"},"action":"read"}}` + "\n",
		`{"type":"apply_errored","hook":{"resource":{"addr":"aws_kms_key.alarms[0]"},"action":"create"}}` + "\n",
		`{"type":"diagnostic","diagnostic":{"severity":"error","summary":"no key","detail":"You may not.","address":"aws_kms_key.alarms[0]"}}` + "\n",
		`{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"old"}}` + "\n",
	} {
		if n, err := p.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	want := "         …          buoy  aws_db_instance.this[0]  40 s\n" +
		"   1/10  created    (bus)  aws_cloudwatch_event_bus.this  2 s\n" +
		"         FAILED     (environment)  aws_kms_key.alarms[0]\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	if got := p.problems(); got != "\n\naws_kms_key.alarms[0]\nno key\nYou may not." {
		t.Errorf("problems = %q", got)
	}
}
