//go:build terraform

package main

import (
	_ "embed" // what AWS authorises
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"example.com/localcloud/policy"
	"example.com/troupe/scripts/internal/fixture"
)

//go:embed testdata/authorization.txt
var authorization string

// fact is an action that AWS authorises for a type of resource, and when Terraform calls it.
type fact struct {
	when, action, resource string
	context                map[string]string
}

// facts reads what AWS authorises, by type of resource.
func facts(t *testing.T) map[string][]fact {
	t.Helper()
	all := map[string][]fact{}
	for line := range strings.Lines(authorization) {
		columns := strings.Fields(line)
		if len(columns) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(columns) < 4 || len(columns) > 5 || strings.Trim(columns[1], "CRUD") != "" {
			t.Fatalf("testdata/authorization.txt has the line %q", line)
		}
		context := map[string]string{}
		for _, pair := range columns[4:] {
			key, value, _ := strings.Cut(pair, "=")
			context[key] = value
		}
		for action := range strings.SplitSeq(columns[2], ",") {
			all[columns[0]] = append(all[columns[0]], fact{columns[1], action, columns[3], context})
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`{[a-z_]+(\|base)?}`)

// render puts a resource's attributes into a template.
func render(t *testing.T, template string, r *tfjson.StateResource) string {
	t.Helper()
	rendered := placeholder.ReplaceAllStringFunc(template, func(found string) string {
		name, base := strings.CutSuffix(strings.Trim(found, "{}"), "|base")
		values := map[string]any{"region": names.Region, "account": names.Account, "project": names.Project}
		value, ours := values[name]
		if !ours {
			value = r.AttributeValues[name]
		}
		text, _ := value.(string)
		if text == "" {
			t.Errorf("%s has no %s, which testdata/authorization.txt wants", r.Address, name)
		}
		if base {
			text = path.Base(text)
		}
		return text
	})
	return strings.Replace(rendered, ":rule/default/", ":rule/", 1) // a rule of the default bus doesn't name it (service authorization reference of EventBridge)
}

// mayNot returns what a policy does not allow of all that making, reading, changing and removing resources takes;
// only limits it to some of these.
func mayNot(t *testing.T, resources []*tfjson.StateResource, only string, documents ...policy.Document) (missing []string) {
	t.Helper()
	known := facts(t)
	for _, r := range resources {
		kind := r.Type
		if r.Mode == tfjson.DataResourceMode {
			kind = "data." + r.Type
		}
		if strings.HasPrefix(kind, "terraform_") {
			continue // nothing of AWS
		}
		if len(known[kind]) == 0 && r.Mode == tfjson.ManagedResourceMode {
			t.Errorf("testdata/authorization.txt says nothing of %s", kind)
		}
		for _, f := range known[kind] {
			if !strings.ContainsAny(f.when, only) {
				continue
			}
			request := policy.Request{Action: f.action, Resource: render(t, f.resource, r), Context: map[string][]string{}}
			for key, value := range f.context {
				request.Context[key] = []string{render(t, value, r)}
			}
			if !policy.Allows(request, documents...) {
				missing = append(missing, fmt.Sprintf("%s on %s", f.action, request.Resource))
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// parsePolicies reads the documents of policies.
func parsePolicies(t *testing.T, texts ...string) (documents []policy.Document) {
	t.Helper()
	for _, text := range texts {
		document, err := policy.ParseIdentity(text)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, document)
	}
	return documents
}

// TestTheDeployRoleMayDoAllThatADeployTakes holds the role of workflows to all that AWS authorises while an environment
// is made, changed, read and removed, and the role of pull requests to what reading takes.
func TestTheDeployRoleMayDoAllThatADeployTakes(t *testing.T) {
	bootstrap := apply(t, "terraform/bootstrap", fixture.FS(), "github_repository=acme/sea", "project="+names.Project)
	environment := apply(t, "terraform", fixture.FS(), append(inDev, "alarm_email=ops@example.com", `overrides={harbour: {provisioned_concurrency: 1}}`, `access={jwt: {issuer: "https://login.example.com", audience: ["sea"]}, domain: {name: "sea.example.com", certificate_arn: "arn:aws:acm:eu-central-1:123456789012:certificate/1"}}`)...)
	for _, env := range []string{"dev", "prod"} {
		may := parsePolicies(t, bootstrap.at("", "aws_iam_policy", "deploy", env).text("policy"), bootstrap.one("", "aws_iam_policy", "unnamed").text("policy"))
		missing := mayNot(t, environment.all, "CRUD", may...)
		if env == names.Env && len(missing) > 0 {
			t.Errorf("the role that deploys may not:\n  %s", strings.Join(missing, "\n  "))
		}
		for _, foreign := range []string{"dynamodb:DeleteTable", "sqs:DeleteQueue", "events:DeleteEventBus", "ecs:UpdateService", "rds:DeleteDBInstance", "iam:PutRolePolicy", "logs:DeleteLogGroup"} {
			if !strings.Contains(strings.Join(missing, "\n"), foreign) && env != names.Env {
				t.Errorf("the role of %s may %s of %s", env, foreign, names.Env)
			}
		}
	}
	var looks []string
	for _, name := range []string{"plan", "state"} {
		looks = append(looks, bootstrap.at("", "aws_iam_role_policy", name, map[string]any{"plan": 0, "state": "plan"}[name]).text("policy"))
	}
	if missing := mayNot(t, environment.all, "R", parsePolicies(t, looks...)...); len(missing) > 0 {
		t.Errorf("the role of pull requests may not:\n  %s", strings.Join(missing, "\n  "))
	}
	for kind, of := range facts(t) {
		var when string
		for _, f := range of {
			when += f.when
		}
		if strings.HasPrefix(kind, "aws_") && !strings.ContainsAny(when, "C") || !strings.ContainsAny(when, "R") {
			t.Errorf("testdata/authorization.txt does not say what creating and reading %s takes", kind)
		}
	}
}
