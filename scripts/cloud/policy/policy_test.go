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
		{"a resource's case does", statements(`{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:JOBS"}`), send, false},
		{"another action", statements(`{"Effect": "Allow", "Action": "sqs:Send", "Resource": "*"}`), send, false},
		{"question mark", statements(`{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:us-east-?:*:jobs"}`), send, true},
		{"an ARN that ends early", statements(`{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs"}`), send, true},
		{"of another service", statements(`{"Effect": "Allow", "Action": "*:*", "Resource": "arn:aws:sns"}`), send, false},
		{"deny wins, whatever the order", statements(`{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:sqs:*:*:jobs"}`, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`), send, false},
		{"deny of something else", statements(`{"Effect": "Deny", "Action": "*", "Resource": "arn:aws:sqs:*:*:other"}`, `{"Effect": "Allow", "Action": "*", "Resource": "*"}`), send, true},
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
		{"a session of a role", statements(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:role/path/a"}, "Action": "*", "Resource": "*"}`), from("arn:aws:sts::000000000000:assumed-role/a/b", ""), true},
		{"a session of another role", statements(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:role/b"}, "Action": "*", "Resource": "*"}`), from("arn:aws:sts::000000000000:assumed-role/a/b", ""), false},
		{"a session of another account's role", statements(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:role/a"}, "Action": "*", "Resource": "*"}`), from("arn:aws:sts::000000000000:assumed-role/a/b", ""), false},
		{"an account is no service", statements(`{"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "*", "Resource": "*"}`), from("sns.amazonaws.com", ""), false},
		{"trust policies have no resource", statements(`{"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": "sts:AssumeRole"}`),
			Request{Principal: "lambda.amazonaws.com", Action: "sts:AssumeRole"}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := parseAny(t, test.doc).Allows(test.request); got != test.want {
				t.Errorf("Allows(%+v) = %v, want %v", test.request, got, test.want)
			}
		})
	}
}

// parseAny parses a document as the kind of policy that its statements have the members of.
func parseAny(t *testing.T, doc string) Document {
	t.Helper()
	kind := Parse
	switch {
	case !strings.Contains(doc, `"Principal"`):
		kind = ParseIdentity
	case !strings.Contains(doc, `"Resource"`) && !strings.Contains(doc, `"NotResource"`):
		kind = ParseTrust
	}
	d, err := kind(doc)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAllowsAcrossDocuments(t *testing.T) {
	allow, _ := ParseIdentity(statements(`{"Effect": "Allow", "Action": "*", "Resource": "*"}`))
	deny, _ := ParseIdentity(statements(`{"Effect": "Deny", "Action": "*", "Resource": "*"}`))
	if request := (Request{Action: "a:B", Resource: "*"}); !Allows(request, allow) || Allows(request, allow, deny) || Allows(request) {
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
		{"number", `{"NumericLessThan": {"events:detail-type": "10"}}`, []string{"9"}, true},
		{"number, not as text", `{"NumericEquals": {"events:detail-type": 10}}`, []string{"10.0"}, true},
		{"number, not equal", `{"NumericNotEquals": {"events:detail-type": ["10", "11"]}}`, []string{"12"}, true},
		{"number, equal", `{"NumericNotEquals": {"events:detail-type": ["10", "11"]}}`, []string{"11"}, false},
		{"no number", `{"NumericGreaterThanEquals": {"events:detail-type": 0}}`, []string{"a"}, false},
		{"date", `{"DateGreaterThan": {"events:detail-type": "2026-11-27T10:00Z"}}`, []string{"2026-11-27T12:00:01+01:00"}, true},
		{"date, the same", `{"DateLessThan": {"events:detail-type": "2026-11-27T10:00:00Z"}}`, []string{"2026-11-27T10:00:00Z"}, false},
		{"date as seconds", `{"DateLessThanEquals": {"events:detail-type": 1795773600}}`, []string{"2026-11-27T10:00:00Z"}, true},
		{"address", `{"IpAddress": {"events:detail-type": ["10.0.0.0/8", "127.0.0.1"]}}`, []string{"127.0.0.1"}, true},
		{"address outside", `{"IpAddress": {"events:detail-type": "10.0.0.0/8"}}`, []string{"127.0.0.1"}, false},
		{"not the address", `{"NotIpAddress": {"events:detail-type": "10.0.0.0/8"}}`, []string{"127.0.0.1"}, true},
		{"address, version 6", `{"IpAddress": {"events:detail-type": "2001:db8::/32"}}`, []string{"2001:db8::1"}, true},
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
			d, err := ParseIdentity(statements(`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": ` + test.condition + `}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Allows(Request{Action: "a:B", Resource: "*", Context: map[string][]string{key: test.got}}); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// TestKeys holds each key that a policy may use to a value: one that follows from the request, that its
// service gives, or none because AWS gives none. The values are those of the IAM user guide, "AWS global condition
// context keys".
func TestKeys(t *testing.T) {
	session := Request{Action: "sqs:SendMessage", Resource: queue, Caller: func(key string) []string {
		return map[string][]string{"aws:principalarn": {"arn:aws:iam::000000000000:role/jobs"}}[key]
	}}
	rules := Request{Principal: "events.amazonaws.com", Action: "sqs:SendMessage", Resource: queue, Context: map[string][]string{"aws:SourceArn": {rule}}}
	elsewhere := Request{Principal: "arn:aws:iam::111111111111:role/a", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:000000000000:jobs"}
	tests := []struct {
		name, condition string
		request         Request
		want            bool
	}{
		{"over HTTPS", `{"Bool": {"aws:SecureTransport": "true"}}`, session, true},
		{"not over HTTPS", `{"Bool": {"aws:SecureTransport": "false"}}`, session, false},
		{"the region", `{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, session, true},
		{"another region", `{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, elsewhere, false},
		{"now", `{"DateGreaterThan": {"aws:CurrentTime": "2020-01-01"}, "DateLessThan": {"aws:CurrentTime": "2100-01-01"}}`, session, true},
		{"now, in seconds", `{"NumericGreaterThan": {"aws:EpochTime": 1577836800}}`, session, true},
		{"what the caller says", `{"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/jobs"}}`, session, true},
		{"what the service says", `{"ArnEquals": {"AWS:SourceArn": "` + rule + `"}}`, rules, true},
		{"the account of who asks", `{"StringEquals": {"aws:PrincipalAccount": "111111111111"}}`, elsewhere, true},
		{"a service has no account", `{"Null": {"aws:PrincipalAccount": "true"}}`, rules, true},
		{"a service", `{"Bool": {"aws:PrincipalIsAWSService": "true"}, "StringEquals": {"aws:PrincipalServiceName": "events.amazonaws.com"}}`, rules, true},
		{"no service", `{"Bool": {"aws:PrincipalIsAWSService": "true"}}`, elsewhere, false},
		{"nobody between", `{"Bool": {"aws:ViaAWSService": "false"}}`, session, true},
		{"absent, and known to be", `{"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}`, session, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			principal := ""
			if test.request.Principal != "" {
				principal = `"Principal": "*",`
			}
			d := parseAny(t, statements(`{"Effect": "Allow", `+principal+` "Action": "*", "Resource": "*", "Condition": `+test.condition+`}`))
			if got := d.Allows(test.request); got != test.want {
				t.Errorf("Allows(%+v) = %v, want %v", test.request, got, test.want)
			}
		})
	}
}

// TestParseRefuses holds the parser to refusing what it does not evaluate, and what AWS refuses: the cases that moto has
// checked on AWS (tests/test_iam/test_iam_policies.py) are among them.
func TestParseRefuses(t *testing.T) {
	identity := func(members string) string { return statements(`{"Effect": "Allow", ` + members + `}`) }
	when := func(condition string) string {
		return identity(`"Action": "*", "Resource": "*", "Condition": ` + condition)
	}
	tests := []struct {
		name  string
		parse func(string) (Document, error)
		doc   string
		want  string
	}{
		{"no JSON", ParseIdentity, `{`, "EOF"},
		{"no statement", ParseIdentity, `{}`, "Statement is missing"},
		{"an empty list", ParseIdentity, statements(), "no statement"},
		{"a statement that is a text", ParseIdentity, statements(`"a"`), "Statement"},
		{"a trailing text", ParseIdentity, statements() + " x", "after top-level value"},
		{"a version", ParseIdentity, `{"Version": "2020-01-01", "Statement": []}`, "2020-01-01"},
		{"a member", ParseIdentity, identity(`"Action": "*", "Ressource": "*"`), "Ressource"},
		{"a member in lower case", ParseIdentity, identity(`"action": "*", "Resource": "*"`), "action"},
		{"a member twice", ParseIdentity, identity(`"Action": "*", "Resource": "*", "Resource": "*"`), "Resource"},
		{"a condition twice", ParseIdentity, when(`{"StringEquals": {"aws:SourceArn": "a"}, "StringEquals": {"aws:SourceAccount": "a"}}`), "StringEquals"},
		{"a member of the document", ParseIdentity, `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}, "Extra": 1}`, "Extra"},
		{"an effect", ParseIdentity, statements(`{"Effect": "allow", "Action": "*", "Resource": "*"}`), `"allow"`},
		{"no action", ParseIdentity, identity(`"Resource": "*"`), "statement 1: it needs either Action"},
		{"Action and NotAction", ParseIdentity, identity(`"Action": "*", "NotAction": "*", "Resource": "*"`), "either Action"},
		{"an action without its service", ParseIdentity, identity(`"Action": "SendMessage", "Resource": "*"`), `"SendMessage"`},
		{"the same of NotAction", ParseIdentity, identity(`"NotAction": "", "Resource": "*"`), "service:Action"},
		{"two colons", ParseIdentity, identity(`"Action": "s3:List:Bucket", "Resource": "*"`), `"s3:List:Bucket"`},
		{"a service with a space", ParseIdentity, identity(`"Action": "a a:List", "Resource": "*"`), `"a a:List"`},
		{"a service with a wildcard", ParseIdentity, identity(`"Action": "s*:List", "Resource": "*"`), `"s*:List"`},
		{"an object for an action", ParseIdentity, identity(`"Action": {"a": 1}, "Resource": "*"`), "must be a string"},
		{"a list in a list", ParseIdentity, identity(`"Action": [["*"]], "Resource": "*"`), "must be a string"},
		{"null", ParseIdentity, identity(`"Action": null, "Resource": "*"`), "must be a string"},
		{"no resource", ParseIdentity, identity(`"Action": "*"`), "Resource or NotResource is missing"},
		{"Resource and NotResource", ParseIdentity, identity(`"Action": "*", "Resource": "*", "NotResource": "*"`), "both"},
		{"a resource that is no ARN", ParseIdentity, identity(`"Action": "*", "Resource": "jobs"`), `"jobs"`},
		{"an empty resource", ParseIdentity, identity(`"Action": "*", "Resource": ""`), "an ARN"},
		{"a resource with an empty part left out", ParseIdentity, identity(`"Action": "*", "Resource": "arn:aws:s3::jobs"`), "an ARN"},
		{"a partition", ParseIdentity, identity(`"Action": "*", "NotResource": "arn:error:s3:::jobs"`), "partition"},
		{"no service in a resource", ParseIdentity, identity(`"Action": "*", "Resource": "arn:aws:*:::jobs"`), "service"},
		{"a Principal in an identity policy", ParseIdentity, identity(`"Action": "*", "Resource": "*", "Principal": "*"`), "Principal"},
		{"equal Sids", ParseIdentity, statements(`{"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"}`, `{"Sid": "a", "Effect": "Deny", "Action": "*", "Resource": "*"}`), `statement 2: another statement has the Sid "a"`},
		{"a Sid", ParseIdentity, identity(`"Sid": "a-b", "Action": "*", "Resource": "*"`), `"a-b"`},
		{"a Sid that is a list", ParseIdentity, identity(`"Sid": [], "Action": "*", "Resource": "*"`), "Sid"},
		{"a variable", ParseIdentity, identity(`"Action": "*", "Resource": "arn:aws:iam::*:user/${aws:username}"`), "aws:username"},
		{"a variable in a condition", ParseIdentity, when(`{"StringEquals": {"aws:SourceArn": "${aws:username}"}}`), "aws:username"},

		{"an operator", ParseIdentity, when(`{"BinaryEquals": {"aws:SourceArn": "b"}}`), `operator "BinaryEquals"`},
		{"an operator in lower case", ParseIdentity, when(`{"stringEquals": {"aws:SourceArn": "b"}}`), `operator "stringEquals"`},
		{"an operator without a key", ParseIdentity, when(`{"StringIs": {}}`), `operator "StringIs"`},
		{"an operator that is null", ParseIdentity, when(`{"StringEquals": null}`), "StringEquals is null"},
		{"a quantifier", ParseIdentity, when(`{"ForSome:StringLike": {"aws:SourceArn": "b"}}`), `operator "ForSome:StringLike"`},
		{"two colons in an operator", ParseIdentity, when(`{"ForAnyValue::StringEquals": {"aws:SourceArn": "b"}}`), `operator "ForAnyValue::StringEquals"`},
		{"Null with IfExists", ParseIdentity, when(`{"NullIfExists": {"aws:SourceArn": "true"}}`), `operator "NullIfExists"`},
		{"a key", ParseIdentity, when(`{"ForAllValues:StringEquals": {"aws:TagKeys": ["other"]}}`), `key "aws:TagKeys"`},
		{"a key under Null", ParseIdentity, when(`{"Null": {"aws:PrincipalOrgID": "true"}}`), `key "aws:PrincipalOrgID"`},
		{"a condition that is a list", ParseIdentity, when(`[]`), "Condition"},
		{"a value that is an object", ParseIdentity, when(`{"StringEquals": {"aws:SourceArn": {}}}`), "must be a string"},
		{"no boolean", ParseIdentity, when(`{"Bool": {"aws:SecureTransport": "yes"}}`), `"yes"`},
		{"no boolean for Null", ParseIdentity, when(`{"Null": {"aws:SourceArn": "yes"}}`), `"yes"`},
		{"no date", ParseIdentity, when(`{"DateGreaterThan": {"aws:CurrentTime": "234-13"}}`), `"234-13"`},
		{"no number", ParseIdentity, when(`{"NumericLessThan": {"aws:EpochTime": "b"}}`), `"b"`},
		{"no address", ParseIdentity, when(`{"IpAddress": {"aws:SourceIp": "10.0.0.0/33"}}`), `"10.0.0.0/33"`},

		{"no principal", Parse, identity(`"Action": "*", "Resource": "*"`), "Principal is missing"},
		{"no resource in a resource policy", Parse, identity(`"Principal": "*", "Action": "*"`), "Resource or NotResource is missing"},
		{"a kind of principal", Parse, identity(`"Principal": {"Federated": "x"}, "Action": "*", "Resource": "*"`), "Federated"},
		{"an empty principal", Parse, identity(`"Principal": {}, "Action": "*", "Resource": "*"`), "Principal"},
		{"NotPrincipal", Parse, identity(`"NotPrincipal": "*", "Action": "*", "Resource": "*"`), "NotPrincipal"},
		{"a principal with a wildcard", Parse, identity(`"Principal": {"AWS": "arn:aws:iam::000000000000:role/*"}, "Action": "*", "Resource": "*"`), "role/*"},
		{"a name for a principal", Parse, identity(`"Principal": {"AWS": "jobs"}, "Action": "*", "Resource": "*"`), `"jobs"`},
		{"a service that is none", Parse, identity(`"Principal": {"Service": "events"}, "Action": "*", "Resource": "*"`), `"events"`},

		{"a resource in a trust policy", ParseTrust, identity(`"Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"`), "Resource"},
		{"nobody in a trust policy", ParseTrust, identity(`"Action": "sts:AssumeRole"`), "Principal is missing"},
		{"another action in a trust policy", ParseTrust, identity(`"Principal": "*", "Action": "sqs:SendMessage"`), `"sqs:SendMessage"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := test.parse(test.doc); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(statements(`{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["a:*"], "Resource": "*", "Condition": {"StringLike": {"aws:SourceArn": [true, 1, "x"]}}}`))
	f.Fuzz(func(_ *testing.T, doc string) {
		d, _ := Parse(doc)
		d.Allows(Request{Principal: "a", Action: "b", Resource: "c", Context: map[string][]string{"aws:SourceArn": {"x"}}})
	})
}
