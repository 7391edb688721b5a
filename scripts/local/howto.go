package main

import (
	"fmt"
	"strings"

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
	endpoint := ""
	if s.Endpoint != defaultEndpoint {
		endpoint = " -endpoint " + s.Endpoint
	}
	if offered := stories.Requests(played); len(offered) > 0 {
		fmt.Fprintf(&b, "\nMake a request:\n  %s\n", offered[0].Curl(s.API))
	}
	if contracts := s.Contracts(); len(contracts) > 0 {
		fmt.Fprintf(&b, "Publish an event, and follow it:\n  go run ./scripts/publish%s -follow %s\n", endpoint, contracts[0].Type)
	}
	if services := s.Topology().Services; len(services) > 0 {
		fmt.Fprintf(&b, `Inject a fault, and remove it (or on the console's page Faults):
  go run ./scripts/fault%[1]s -service %[2]s -kind throttle
  go run ./scripts/fault%[1]s -off
`, endpoint, services[0].Name)
	}
	fmt.Fprintf(&b, `Use any AWS client:
  export AWS_ENDPOINT_URL=%s AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  aws sqs list-queues

Changes below services/ and events/ are built and deployed automatically. Ctrl-C ends everything.
`, s.Endpoint)
	return b.String()
}
