package main

import (
	"fmt"
	"strings"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
)

// howToUse returns instructions for a running system, with its own requests and events if it has some.
func howToUse(s *stack.Stack, console string, played []*stories.Story) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Console       %s\nAWS endpoint  %s\nHTTP API      %s\n", console, s.Endpoint, s.API)
	for _, route := range s.Topology().Routes {
		fmt.Fprintf(&b, "                %-22s %s\n", route.Key, route.Service)
	}
	at := ""
	if s.Endpoint != defaultEndpoint {
		at = " ENDPOINT=" + s.Endpoint
	}
	if offered := stories.Requests(played); len(offered) > 0 {
		fmt.Fprintf(&b, "\nMake a request:\n  %s\n", offered[0].Curl(s.API))
	}
	if contracts := s.Contracts(); len(contracts) > 0 {
		fmt.Fprintf(&b, "Publish an event, and follow it:\n  make publish EVENT=%s FOLLOW=1%s\n", contracts[0].Type, at)
	}
	if services := s.Topology().Services; len(services) > 0 {
		fmt.Fprintf(&b, `Inject a fault, and remove it (or on the console's page Faults):
  make fault SERVICE=%[2]s KIND=throttle%[1]s
  make fault OFF=1%[1]s
`, at, services[0].Name)
	}
	fmt.Fprintf(&b, "%s\nChanges below services/ and events/ are built and deployed automatically. Ctrl-C ends everything.\n", clients(s.Endpoint))
	return b.String()
}

// clients returns instructions for AWS clients. Version 1 of the AWS CLI reads AWS_DEFAULT_REGION only, and ignores
// AWS_ENDPOINT_URL for SQS (https://github.com/aws/aws-cli/issues/8737).
func clients(url string) string {
	return fmt.Sprintf(`Use any AWS client, in region %[2]s:
  export AWS_ENDPOINT_URL=%[1]s AWS_REGION=%[2]s AWS_DEFAULT_REGION=%[2]s AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  aws --endpoint-url $AWS_ENDPOINT_URL sqs list-queues
`, url, endpoint.Region)
}
