//go:build terraform

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/localcloud/policy"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/topology"
)

// reasons explain each wildcard in a statement, by role or policy and Sid. The list must be exact: an unused reason
// fails the fixture's test.
var reasons = map[string]string{
	"service Trace resource":    "X-Ray knows no resources",
	"service Log resource":      "a function names its streams as it starts: all of its own group",
	"service Own0 resource":     "what the fixture asks for: any object of a bucket",
	"execution SignIn resource": "signing in to a registry is for the whole account",
	"execution Log resource":    "a task names its streams as it starts: all of its own group",
	"log Streams resource":      "EventBridge names its streams: all of its own group",
	"log Events resource":       "EventBridge names its streams: all of its own group",
}

// bootstrapReasons are the reasons for what bootstrap creates.
var bootstrapReasons = map[string]string{
	"deploy Owned action":                "a deploy makes, changes and removes all of what carries the environment's name",
	"deploy Owned resource":              "the environment's name, and whatever follows it, in any region",
	"deploy Roles resource":              "the environment's name, and whatever follows it",
	"deploy BoundedRoles resource":       "the environment's name, and whatever follows it",
	"deploy HandOverRoles resource":      "the environment's name, and whatever follows it",
	"deploy ServiceLinkedRoles resource": "AWS names them; the condition says for which services",
	"deploy Passwords resource":          "RDS names them",
	"deploy Secrets resource":            "the environment's name, and whatever follows it",
	"plan Secrets resource":              "the environments' names, and whatever follows them",
	"deploy Api resource":                "AWS makes an API's id",
	"deploy AWSsOwn resource":            "AWS names them",
	"unnamed Network action":             "what the provider asks about networks",
	"unnamed Network resource":           "AWS makes the ids of networks",
	"unnamed Unnamed resource":           "these know no resource, or one whose id AWS makes",
	"plan Schedules resource":            "the environments' names, and schedules that service.json names",
	"plan Named action":                  "how tables, services, events and schemas are set up",
	"plan Named resource":                "the environments' names, and whatever follows them",
	"plan Unnamed action":                "how networks and scaling are set up",
	"plan Unnamed resource":              "these know no resource, or one whose id AWS makes",
	"plan Api resource":                  "AWS makes an API's id",
	"plan Password resource":             "RDS names them",
	"boundary Data action":               "a boundary gives nothing: what a role may do its own policy says",
	"boundary Data resource":             "a boundary gives nothing: what a role may do its own policy says",
}

// checkPolicies checks that every wildcard in a policy has a reason, and if complete is set, that every reason is
// needed.
func (s state) checkPolicies(reasons map[string]string, complete bool) {
	used := map[string]bool{}
	for _, r := range s.all {
		if r.Type != "aws_iam_policy_document" {
			continue
		}
		name := r.Name
		if name == "this" {
			name = "service"
		}
		document := resource{s.T, r}
		for _, statement := range document.policy("json").Statement {
			for what, values := range map[string][]string{"action": statement.Action, "resource": statement.Resource} {
				wild := slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, "*") })
				if !wild || statement.Effect == "Deny" {
					continue
				}
				why := name + " " + statement.Sid + " " + what
				used[why] = true
				if reasons[why] == "" {
					s.Errorf("%s: the wildcard in %v (%s) has no reason", r.Address, values, why)
				}
			}
			if statement.Effect == "Allow" && statement.Principal != nil && statement.Condition == nil && strings.Contains(statement.Principal["AWS"], "*") {
				s.Errorf("%s admits everyone", r.Address)
			}
		}
	}
	for why := range reasons {
		if complete && !used[why] {
			s.Errorf("the reason for %q is no longer needed", why)
		}
	}
}

func (s state) checkEncryption() {
	for _, queue := range s.of("", "aws_sqs_queue") {
		if !queue.flag("sqs_managed_sse_enabled") {
			s.Errorf("%s is not encrypted", queue.Address)
		}
	}
	for _, topic := range s.of("", "aws_sns_topic") {
		if topic.text("kms_master_key_id") == "" {
			s.Errorf("%s is not encrypted", topic.Address)
		}
	}
	for _, database := range s.of("", "aws_db_instance") {
		if !database.flag("storage_encrypted") || database.flag("publicly_accessible") {
			s.Errorf("%s is not encrypted, or public", database.Address)
		}
	}
	for _, table := range s.of("", "aws_dynamodb_table") {
		if !table.block("server_side_encryption").flag("enabled") {
			s.Errorf("%s is not encrypted", table.Address)
		}
	}
	for _, r := range s.all {
		tags, taggable := r.AttributeValues["tags_all"].(map[string]any)
		if taggable && (tags["Project"] != names.Project || tags["Environment"] != names.Env) {
			s.Errorf("%s has the tags %v", r.Address, tags)
		}
		if _, rest, of := strings.Cut(r.Address, `module.service["`); of && taggable {
			if name, _, _ := strings.Cut(rest, `"`); tags["Service"] != name {
				s.Errorf("what %s costs is told of the service %v", r.Address, tags["Service"])
			}
		}
	}
}

// checkAlarms checks that every service has its alarms.
func (s state) checkAlarms(want *topology.Topology) {
	alarms := map[string]bool{}
	for _, alarm := range s.of("", "aws_cloudwatch_metric_alarm") {
		alarms[alarm.text("alarm_name")] = true
	}
	for _, service := range want.Services {
		var needed []string
		if service.Queue != nil {
			needed = append(needed, "dead-letters", "undelivered", "backlog-age")
			if len(service.Rules)+len(service.Subscriptions) > 0 {
				needed = append(needed, "lost")
			}
		}
		if service.Function != nil {
			needed = append(needed, "errors", "throttles")
		} else {
			needed = append(needed, "no-task")
		}
		for _, alarm := range needed {
			if name := names.Service(service.Name) + "-" + alarm; !alarms[name] {
				s.Errorf("there is no alarm %s", name)
			}
		}
	}
}

// row matches the beginning of a row of the runbook.
var row = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|")

// checkRunbook checks that the runbook has a row for every kind of alarm that exists, and if complete is set, no
// others.
func (s state) checkRunbook(want *topology.Topology, complete bool) {
	text, err := os.ReadFile(filepath.Join(here, "terraform/RUNBOOK.md"))
	if err != nil {
		s.Fatal(err)
	}
	runbook, _, _ := strings.Cut(string(text), "\n## ")
	var told, made []string
	for _, match := range row.FindAllStringSubmatch(runbook, -1) {
		told = append(told, match[1])
	}
	for _, alarm := range s.of("", "aws_cloudwatch_metric_alarm") {
		kind := alarm.text("alarm_name")
		for _, service := range want.Services {
			kind = strings.TrimPrefix(kind, names.Service(service.Name)+"-")
		}
		kind = strings.TrimPrefix(kind, names.Prefix()+"-")
		if !slices.Contains(made, kind) {
			made = append(made, kind)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(made), func(kind string) bool { return slices.Contains(told, kind) })
	if len(missing) > 0 || complete && len(told) != len(made) {
		s.Errorf("terraform/RUNBOOK.md has the alarms %q, and Terraform creates %q", told, made)
	}
}

func TestBootstrap(t *testing.T) {
	made := apply(t, "terraform/bootstrap", fixture.FS(), "github_repository=acme/sea")
	made.checkPolicies(bootstrapReasons, true)
	const longest = 6144 // characters of a managed policy, without white space
	for _, policy := range made.of("", "aws_iam_policy") {
		if n := len(policy.text("policy")); n > longest {
			t.Errorf("%s has %d characters, and IAM takes %d", policy.Address, n, longest)
		}
	}
	const longestInline = 10240 // characters of all policies that are in a role
	if n := len(made.at("", "aws_iam_role_policy", "plan", 0).text("policy")); n > longestInline-1000 {
		t.Errorf("the policy for plans has %d characters, and IAM takes %d of all in a role", n, longestInline)
	}
	subjects := map[string]string{"plan": "repo:acme/sea:pull_request", "dev": "repo:acme/sea:environment:dev", "prod": "repo:acme/sea:environment:prod"}
	for _, role := range made.of("", "aws_iam_role") {
		trust := role.policy("assume_role_policy").Statement[0]
		equals := trust.Condition["StringEquals"]
		subject := subjects[role.Index.(string)]
		if trust.Action[0] != "sts:AssumeRoleWithWebIdentity" || !slices.Equal(equals["token.actions.githubusercontent.com:sub"], []string{subject}) || !slices.Equal(equals["token.actions.githubusercontent.com:aud"], []string{"sts.amazonaws.com"}) {
			t.Errorf("%s can be assumed by %+v", role.Address, trust)
		}
	}
	for _, state := range made.of("", "aws_iam_role_policy") {
		if state.Name != "state" {
			continue
		}
		for _, statement := range state.policy("policy").Statement {
			for _, resource := range statement.Resource {
				file := resource[strings.LastIndex(resource, "/")+1:]
				own := strings.HasPrefix(file, fmt.Sprint(state.Index)+".tfstate")
				if slices.Contains(statement.Action, "s3:PutObject") && !own || state.Index != "plan" && slices.Contains(statement.Action, "s3:GetObject") && !own {
					t.Errorf("%s has %v of %s", state.Address, statement.Action, resource)
				}
			}
		}
	}
}

// TestPullRequestsSeeNoData holds the role that a pull request takes to how things are set up: it sees nothing of what they
// hold, even with a policy that allows everything.
func TestPullRequestsSeeNoData(t *testing.T) {
	made := apply(t, "terraform/bootstrap", fixture.FS(), "github_repository=acme/sea")
	looks := parsePolicies(t, made.at("", "aws_iam_role_policy", "plan", 0).text("policy"), `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)
	for action, resource := range map[string]string{
		"dynamodb:Scan": "arn:aws:dynamodb:eu-central-1:123456789012:table/x", "dynamodb:PartiQLSelect": "*", "sqs:ReceiveMessage": "*", "secretsmanager:GetSecretValue": "*",
		"scheduler:GetSchedule": "arn:aws:scheduler:eu-central-1:123456789012:schedule/" + names.Project + "-dev-x-v1/0a1b2c3d-0000-8000-8000-0a1b2c3d4e5f",
		"logs:FilterLogEvents":  "*", "ssm:GetParameters": "*", "lambda:InvokeFunction": "*", "s3:GetObject": "arn:aws:s3:::another/file", "rds-db:connect": "*",
	} {
		if policy.Allows(policy.Request{Action: action, Resource: resource}, looks...) {
			t.Errorf("a pull request may %s", action)
		}
	}
}

// TestTheBoundary holds what a deploy makes to roles with the boundary, which keeps them from the account and the state.
func TestTheBoundary(t *testing.T) {
	made := apply(t, "terraform/bootstrap", fixture.FS(), "github_repository=acme/sea")
	boundary := made.one("", "aws_iam_policy", "boundary")
	bounded := parsePolicies(t, boundary.text("policy"))
	for action, allowed := range map[string]bool{"dynamodb:PutItem": true, "ses:SendEmail": true, "iam:CreateUser": false, "sts:AssumeRole": false, "organizations:LeaveOrganization": false} {
		if policy.Allows(policy.Request{Action: action, Resource: "*"}, bounded...) != allowed {
			t.Errorf("a service's role may %s: %t", action, !allowed)
		}
	}
	if policy.Allows(policy.Request{Action: "s3:GetObject", Resource: made.one("", "aws_s3_bucket", "state").text("arn") + "/prod.tfstate"}, bounded...) {
		t.Error("a service's role may read the state")
	}
	scheduler := "arn:aws:iam::123456789012:role/" + names.Project + "-dev-x-scheduler"
	for _, c := range []struct {
		action, role, to string
		allowed          bool
	}{
		{"iam:PassRole", scheduler, "scheduler.amazonaws.com", true},
		{"iam:PassRole", scheduler, "lambda.amazonaws.com", false},
		{"iam:PassRole", scheduler, "", false},
		{"iam:PassRole", strings.TrimSuffix(scheduler, "-scheduler"), "scheduler.amazonaws.com", false},
		{"iam:PutRolePolicy", scheduler, "", false},
	} {
		request := policy.Request{Action: c.action, Resource: c.role, Context: map[string][]string{}}
		if c.to != "" {
			request.Context["iam:PassedToService"] = []string{c.to}
		}
		if policy.Allows(request, bounded...) != c.allowed {
			t.Errorf("a service's role may %s of %s to %q: %t", c.action, c.role, c.to, !c.allowed)
		}
	}
	deploy := parsePolicies(t, made.at("", "aws_iam_policy", "deploy", "dev").text("policy"))
	for arn, allowed := range map[string]bool{boundary.text("arn"): true, "": false, "arn:aws:iam::123456789012:policy/other": false} {
		role := policy.Request{Action: "iam:CreateRole", Resource: "arn:aws:iam::123456789012:role/" + names.Project + "-dev-x", Context: map[string][]string{}}
		if arn != "" {
			role.Context["iam:PermissionsBoundary"] = []string{arn}
		}
		if policy.Allows(role, deploy...) != allowed {
			t.Errorf("a role with the boundary %q can be made: %t", arn, !allowed)
		}
	}
}

// sameInDraft4 are the keywords of the contracts that mean the same in draft 4, which is what EventBridge's
// registry takes.
var sameInDraft4 = []string{
	"$schema", "title", "description", "type", "required", "properties", "items", "enum", "pattern", "format",
	"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "additionalProperties", "$ref", "definitions", "x-personal", // an extension, which draft 4 ignores
}

// checkRegistry checks that the registry contains every contract as a draft 4 schema.
func (s state) checkRegistry(contracts int) {
	schemas := s.of("module.bus.", "aws_schemas_schema")
	if len(schemas) != contracts {
		s.Errorf("the registry has %d schemas, not %d", len(schemas), contracts)
	}
	for _, schema := range schemas {
		var document map[string]any
		schema.decode("content", &document)
		if document["$schema"] != "http://json-schema.org/draft-04/schema#" || schema.text("type") != "JSONSchemaDraft4" {
			s.Errorf("%s is of %v", schema.Address, document["$schema"])
		}
		checkKeywords(s.T, schema.Address, document)
	}
}

func checkKeywords(t *testing.T, place string, document map[string]any) {
	for keyword, value := range document {
		if !slices.Contains(sameInDraft4, keyword) {
			text, _ := json.Marshal(value)
			t.Errorf("%s: draft 4 doesn't have %s, or not as %s", place, keyword, text)
		}
		nested, _ := value.(map[string]any)
		if keyword == "$ref" && !strings.HasPrefix(value.(string), "#/definitions/") {
			t.Errorf("%s refers to %s", place, value)
		}
		switch keyword {
		case "items":
			checkKeywords(t, place+"/items", nested)
		case "properties", "definitions":
			for name, property := range nested {
				checkKeywords(t, place+"/"+name, property.(map[string]any))
			}
		}
	}
}
