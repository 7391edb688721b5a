package main

import (
	"fmt"
	"strings"

	"example.com/troupe/scripts/internal/stack"
)

// howToUse says what can be done with a troupe that runs.
func howToUse(s *stack.Stack, console string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Console       %s\nAWS endpoint  %s\nHTTP API      %s\n", console, s.Endpoint, s.API)
	for _, route := range s.Topology().Routes {
		fmt.Fprintf(&b, "                %-22s %s\n", route.Key, route.Service)
	}
	endpoint := ""
	if s.Endpoint != defaultEndpoint {
		endpoint = " -endpoint " + s.Endpoint
	}
	fmt.Fprintf(&b, `
Place an order, and see what became of it:
  curl -s %[1]s/orders -d '{"customerId": "c-1", "email": "ada@example.com", "region": "eu",
    "cardToken": "tok_ok", "lines": [{"sku": "poster", "quantity": 1}]}'
  curl -s %[1]s/orders/<orderId>
Publish an event, and follow it:
  go run ./scripts/publish%[2]s -follow order.placed.v1
Break something on purpose, and mend it (or on the console's page Faults):
  go run ./scripts/fault%[2]s -service payments -kind throttle
  go run ./scripts/fault%[2]s -off
Use any AWS client:
  export AWS_ENDPOINT_URL=%[3]s AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  aws sqs list-queues
What changes under services/ and events/ is built and replaced. Ctrl-C ends everything.

`, s.API, endpoint, s.Endpoint)
	return b.String()
}
