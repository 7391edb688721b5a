package wire

import (
	"fmt"
	"strings"
)

// The local cloud is one account in one region.
const (
	Account = "000000000000"
	Region  = "us-east-1"
)

const partition = "aws"

// ARN returns the ARN of a resource: ARN("sqs", "jobs") is arn:aws:sqs:us-east-1:000000000000:jobs.
func ARN(service, resource string) string {
	return "arn:" + partition + ":" + service + ":" + regionOf(service) + ":" + Account + ":" + resource
}

// regionOf returns the region in the ARNs of a service: none for those that AWS has once for all regions.
func regionOf(service string) string {
	switch service {
	case "iam", "sts":
		return ""
	}
	return Region
}

// Resource returns the last part of an ARN: "table/jobs", "jobs". It does not look at the other parts: see Local.
func Resource(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return parts[len(parts)-1]
}

// IsARN reports whether an identifier that may be a name or an ARN is meant as an ARN.
func IsARN(identifier string) bool { return strings.HasPrefix(identifier, "arn:") }

// Local returns the name in the ARN of a resource of this account and region. kind is what precedes the name:
//
//	Local("dynamodb", "table/", "arn:aws:dynamodb:us-east-1:000000000000:table/jobs") // jobs
//	Local("sqs", "", "arn:aws:sqs:us-east-1:000000000000:jobs")                        // jobs
//
// For any other ARN it returns a *Mismatch, which each service turns into its own error.
func Local(service, kind, arn string) (name string, err error) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return "", &Mismatch{arn, "form", arn, "arn:partition:service:region:account:resource"}
	}
	name, isKind := strings.CutPrefix(parts[5], kind)
	switch {
	case parts[2] != service:
		return "", &Mismatch{arn, "service", parts[2], service}
	case !isKind || name == "":
		return "", &Mismatch{arn, "resource", parts[5], kind + "NAME"}
	case parts[1] != partition:
		return "", &Mismatch{arn, "partition", parts[1], partition}
	case parts[3] != regionOf(service):
		return "", &Mismatch{arn, "region", parts[3], regionOf(service)}
	case parts[4] != Account:
		return "", &Mismatch{arn, "account", parts[4], Account}
	}
	return name, nil
}

// Mismatch says why an ARN identifies no resource that a service of the local cloud could have.
type Mismatch struct {
	ARN       string
	Part      string // form, service, resource, partition, region or account
	Got, Want string // of that part
}

func (m *Mismatch) Error() string {
	return fmt.Sprintf("%s: the %s is %.100q, and the local cloud has %q", m.ARN, m.Part, m.Got, m.Want)
}

// Elsewhere reports whether the ARN is well formed and of the right kind, but of another partition, region or account.
// AWS refuses a resource that is elsewhere as missing or forbidden, and the others as invalid.
func (m *Mismatch) Elsewhere() bool {
	return m.Part == "partition" || m.Part == "region" || m.Part == "account"
}
