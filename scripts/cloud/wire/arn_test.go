package wire_test

import (
	"errors"
	"testing"

	"example.com/localcloud/wire"
)

func TestLocal(t *testing.T) {
	for _, test := range []struct {
		service, kind, arn string
		name, mismatch     string
		elsewhere          bool
	}{
		{"sqs", "", "arn:aws:sqs:us-east-1:000000000000:jobs", "jobs", "", false},
		{"dynamodb", "table/", "arn:aws:dynamodb:us-east-1:000000000000:table/jobs", "jobs", "", false},
		{"logs", "log-group:", "arn:aws:logs:us-east-1:000000000000:log-group:/a/b:*", "/a/b:*", "", false},
		{"iam", "role/", "arn:aws:iam::000000000000:role/path/jobs", "path/jobs", "", false},

		{"sqs", "", "jobs", "", "form", false},
		{"sqs", "", "arn:aws:sqs:us-east-1:000000000000", "", "form", false},
		{"sqs", "", "ARN:aws:sqs:us-east-1:000000000000:jobs", "", "form", false},
		{"sqs", "", "arn:aws:sqs:us-east-1:000000000000:", "", "resource", false},
		{"sqs", "", "arn:aws:sns:us-east-1:000000000000:jobs", "", "service", false},
		{"sqs", "", "arn:aws:sqs:us-east-1:999999999999:jobs", "", "account", true},
		{"sqs", "", "arn:aws:sqs:eu-west-1:000000000000:jobs", "", "region", true},
		{"sqs", "", "arn:aws-cn:sqs:us-east-1:000000000000:jobs", "", "partition", true},
		{"dynamodb", "table/", "arn:aws:dynamodb:eu-west-1:000000000000:backup/jobs", "", "resource", false},
		{"dynamodb", "table/", "arn:aws:dynamodb:us-east-1:000000000000:table/", "", "resource", false},
		{"iam", "role/", "arn:aws:iam:us-east-1:000000000000:role/jobs", "", "region", true},
	} {
		name, err := wire.Local(test.service, test.kind, test.arn)
		var mismatch wire.Mismatch
		if m, ok := errors.AsType[*wire.Mismatch](err); ok {
			mismatch = *m
		}
		if name != test.name || mismatch.Part != test.mismatch || (err != nil) != (test.mismatch != "") || mismatch.Elsewhere() != test.elsewhere {
			t.Errorf("Local(%q, %q, %q) = %q, %v", test.service, test.kind, test.arn, name, err)
		}
	}
}
