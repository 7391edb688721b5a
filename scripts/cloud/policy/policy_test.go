package policy

import (
	"strings"
	"testing"
)

const (
	queue = "arn:aws:sqs:us-east-1:000000000000:jobs"
	rule  = "arn:aws:events:us-east-1:000000000000:rule/lamps/jobs"
)

// statements returns a document with the given statements.
func statements(list ...string) string {
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(list, ",") + `]}`
}

func TestAllows(t *testing.T) {
	send := Request{Action: "sqs:SendMessage", Resource: queue}
	from := func(principal, source string) Request {
		return Request{Principal: principal, Action: "sqs:SendMessage", Resource: queue, Context: map[string][]string{"aws:SourceArn": {source}}}
	}
	admits := statements(`{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "` + queue + `",
		"Condition": {"ArnEquals": {"aws:SourceArn": "` + rule + `"}}}`)
	tests := []struct {
		name, doc string
		request   Request
		want      bool
	}{
		{"named", statements(`{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "` + queue + `"}`), send, true},
		{"one statement, no list", `{"Statement": {"Effect": "Allow", "Action": ["sqs:*"], "Resource": ["*"]}}`, send, true},
		{"an action's case does not matter", statements(`{"Effect": "Allow", "Action": "SQS:sendmessage", "Resource": "*"}`), send, true},
		{"a resource's case does", statements(`{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:JOBS"}`), send, false},
		{"another action", statements(`{"Effect": "Allow", "Action": "sqs:Send", "Resource": "*"}`), send, false},
		{"question mark", statements(`{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:us-east-?:*:jobs"}`), send, true},
		{"nothing said", statements(), send, false},
		{"deny wins, whatever the order", statements(`{"Effect": "Deny", "Action": "*", "Resource": "*:jobs"}`, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`), send, false},
		{"deny of something else", statements(`{"Effect": "Deny", "Action": "*", "Resource": "*:other"}`, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`), send, true},
		{"NotAction", statements(`{"Effect": "Allow", "NotAction": "sqs:Delete*", "Resource": "*"}`), send, true},
		{"NotAction names it", statements(`{"Effect": "Allow", "NotAction": "sqs:Send*", "Resource": "*"}`), send, false},
		{"NotResource names it", statements(`{"Effect": "Allow", "Action": "*", "NotResource": "` + queue + `"}`), send, false},
		{"a policy for principals says nothing of identities", admits, send, false},
		{"the rule it admits", admits, from("events.amazonaws.com", rule), true},
		{"another rule", admits, from("events.amazonaws.com", rule+"2"), false},
		{"another service", admits, from("sns.amazonaws.com", rule), false},
		{"anybody", statements(`{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}`), from("sns.amazonaws.com", rule), true},
		{"a role of the account", statements(`{"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "*", "Resource": "*"}`), from("arn:aws:sts::000000000000:assumed-role/a/b", ""), true},
		{"another account", statements(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "*", "Resource": "*"}`), from("arn:aws:iam::000000000000:role/a", ""), false},
		{"trust policies have no resource", statements(`{"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": "sts:AssumeRole"}`),
			Request{Principal: "lambda.amazonaws.com", Action: "sts:AssumeRole"}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := Parse(test.doc)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Allows(test.request); got != test.want {
				t.Errorf("Allows(%+v) = %v, want %v", test.request, got, test.want)
			}
		})
	}
}

func TestAllowsAcrossDocuments(t *testing.T) {
	allow, _ := ParseIdentity(statements(`{"Effect": "Allow", "Action": "*", "Resource": "*"}`))
	deny, _ := ParseIdentity(statements(`{"Effect": "Deny", "Action": "*", "Resource": "*"}`))
	if request := (Request{Action: "a:B", Resource: "c"}); !Allows(request, allow) || Allows(request, allow, deny) || Allows(request) {
		t.Error("want one document to allow, and a denial in another to win")
	}
}

func TestConditions(t *testing.T) {
	const key = "events:detail-type"
	tests := []struct {
		name, condition string
		got             []string
		want            bool
	}{
		{"equal", `{"StringEquals": {"events:detail-type": ["a", "b"]}}`, []string{"b"}, true},
		{"keys in any case", `{"StringEquals": {"Events:Detail-Type": "a"}}`, []string{"a"}, true},
		{"values in their case", `{"StringEquals": {"events:detail-type": "A"}}`, []string{"a"}, false},
		{"no wildcard", `{"StringEquals": {"events:detail-type": "*"}}`, []string{"a"}, false},
		{"missing", `{"StringEquals": {"events:detail-type": "a"}}`, nil, false},
		{"missing, IfExists", `{"StringEqualsIfExists": {"events:detail-type": "a"}}`, nil, true},
		{"different, IfExists", `{"StringEqualsIfExists": {"events:detail-type": "a"}}`, []string{"b"}, false},
		{"not equal", `{"StringNotEquals": {"events:detail-type": ["a", "b"]}}`, []string{"b"}, false},
		{"not equal, missing", `{"StringNotEquals": {"events:detail-type": "a"}}`, nil, true},
		{"like", `{"StringLike": {"events:detail-type": "lamp.*.v?"}}`, []string{"lamp.lit.v1"}, true},
		{"not like", `{"StringNotLike": {"events:detail-type": "lamp.*"}}`, []string{"lamp.lit.v1"}, false},
		{"ARN, part by part", `{"ArnLike": {"events:detail-type": "arn:aws:sns:*:jobs"}}`, []string{"arn:aws:sns:us-east-1:0:jobs"}, false},
		{"ARN", `{"ArnLike": {"events:detail-type": "arn:aws:sns:*:*:jobs-*"}}`, []string{"arn:aws:sns:us-east-1:0:jobs-a:b"}, true},
		{"boolean", `{"Bool": {"events:detail-type": true}}`, []string{"true"}, true},
		{"null", `{"Null": {"events:detail-type": "true"}}`, []string{"a"}, false},
		{"null, missing", `{"Null": {"events:detail-type": "true"}}`, nil, true},
		{"all", `{"ForAllValues:StringEquals": {"events:detail-type": ["a", "b"]}}`, []string{"a", "b"}, true},
		{"all but one", `{"ForAllValues:StringEquals": {"events:detail-type": ["a", "b"]}}`, []string{"a", "c"}, false},
		{"all of none", `{"ForAllValues:StringEquals": {"events:detail-type": "a"}}`, nil, true},
		{"any", `{"ForAnyValue:StringLike": {"events:detail-type": "a*"}}`, []string{"c", "ab"}, true},
		{"any of none", `{"ForAnyValue:StringEquals": {"events:detail-type": "a"}}`, nil, false},
		{"any that is not", `{"ForAnyValue:StringNotEquals": {"events:detail-type": "a"}}`, []string{"a", "b"}, true},
		{"every operator counts", `{"StringLike": {"events:detail-type": "a*"}, "StringNotEquals": {"events:detail-type": "ab"}}`, []string{"ab"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := Parse(statements(`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": ` + test.condition + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Allows(Request{Action: "a:B", Resource: "c", Context: map[string][]string{key: test.got}}); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, doc, want string }{
		{"no JSON", `{`, "unexpected EOF"},
		{"no statement", `{}`, "Statement is missing"},
		{"a trailing text", `{"Statement": []} x`, "follows the document"},
		{"a version", `{"Version": "2020-01-01", "Statement": []}`, "2020-01-01"},
		{"a member", statements(`{"Effect": "Allow", "Action": "*", "Ressource": "*"}`), "Ressource"},
		{"an effect", statements(`{"Effect": "allow", "Action": "*", "Resource": "*"}`), `"allow"`},
		{"no action", statements(`{"Effect": "Allow", "Resource": "*"}`), "statement 1: it needs either Action"},
		{"an operator", statements(`{"Effect": "Allow", "Action": "*", "Condition": {"DateLessThan": {"a": "b"}}}`), `"DateLessThan"`},
		{"a quantifier", statements(`{"Effect": "Allow", "Action": "*", "Condition": {"ForSome:StringLike": {"a": "b"}}}`), `"ForSome:StringLike"`},
		{"a variable", statements(`{"Effect": "Allow", "Action": "*", "Resource": "${aws:username}"}`), "aws:username"},
		{"a principal", statements(`{"Effect": "Allow", "Action": "*", "Principal": {"Federated": "x"}}`), "Federated"},
		{"an object for a text", statements(`{"Effect": "Allow", "Action": {"a": 1}, "Resource": "*"}`), "must be a string"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Parse(test.doc); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
		})
	}
	for _, doc := range []string{
		statements(`{"Effect": "Allow", "Action": "*"}`),
		statements(`{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}`),
	} {
		if _, err := ParseIdentity(doc); err == nil {
			t.Errorf("ParseIdentity takes %s", doc)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(statements(`{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["a*"], "Resource": "?", "Condition": {"StringLike": {"k": [true, 1, "x"]}}}`))
	f.Fuzz(func(_ *testing.T, doc string) {
		d, _ := Parse(doc)
		d.Allows(Request{Principal: "a", Action: "b", Resource: "c", Context: map[string][]string{"k": {"x"}}})
	})
}
