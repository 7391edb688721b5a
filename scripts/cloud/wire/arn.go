package wire

import "strings"

// The local cloud is one account in one region.
const (
	Account = "000000000000"
	Region  = "us-east-1"
)

// ARN returns the ARN of a resource: ARN("sqs", "jobs") is arn:aws:sqs:us-east-1:000000000000:jobs.
func ARN(service, resource string) string {
	return "arn:aws:" + service + ":" + Region + ":" + Account + ":" + resource
}

// Resource returns the last part of an ARN: "table/jobs", "jobs".
func Resource(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return parts[len(parts)-1]
}
