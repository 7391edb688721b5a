package manifest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"example.com/troupe/events/schema"
)

// visibilityFactor is how many times a function's time-out its queue must hide a
// message, as AWS advises: an invocation may be throttled and tried again meanwhile.
const visibilityFactor = 6

// maxReceived is the most messages that SQS hands out at a time; Lambda gathers more
// only while it waits for a window of a second or longer.
const maxReceived = 10

// defaultFunctions is the default of max_functions, which only the runtime lambda has.
const defaultFunctions = 10

// check reports what the schema cannot say: how members go together.
func (m *Manifest) check() []schema.Violation {
	var violations []schema.Violation
	require := func(ok bool, place, expected string, args ...any) {
		if !ok {
			violations = append(violations, schema.Violation{Place: place, Expected: fmt.Sprintf(expected, args...)})
		}
	}
	queue, lambda := m.Queue, m.Runtime == Lambda
	least := visibilityFactor * m.TimeoutSeconds
	require(queue.VisibilitySeconds >= least, "/queue/visibility_seconds",
		"at least %d, six times timeout_seconds", least)
	require(lambda || queue.MaxFunctions == 0, "/queue/max_functions", "left out with the runtime worker: how many tasks there are at most is decided by max_tasks in Terraform's overrides")
	require(queue.Batch <= maxReceived || lambda && queue.WindowSeconds > 0, "/queue/batch",
		"at most %d without the runtime lambda and window_seconds", maxReceived)
	require(lambda || queue.WindowSeconds == 0, "/queue/window_seconds", "left out with the runtime worker")
	require(!lambda || m.Rate == 0, "/rate", "left out with the runtime lambda: it has no limit of messages a second; see queue.max_functions")
	require(m.Store != None || len(m.Indexes) == 0, "/indexes", "left out without a store: documents are found by them")
	for name := range m.Config {
		require(!reserved(name), "/config/"+name, "named otherwise: Lambda and Troupe set this variable themselves")
	}
	for name := range m.Secrets {
		require(!reserved(name), "/secrets/"+name, "named otherwise: Lambda and Troupe set this variable themselves")
		_, setting := m.Config[name]
		require(!setting, "/secrets/"+name, "named otherwise: it is a setting in \"config\" too")
	}
	for i, permission := range m.Permissions {
		for j, resource := range permission.Resources {
			for _, name := range braces().FindAllString(resource, -1) {
				require(slices.Contains(placeholders, name), fmt.Sprintf("/permissions/%d/resources/%d", i, j), "without %s: the placeholders are %s", name, strings.Join(placeholders, " "))
			}
		}
	}
	for i, s := range m.Subscribes {
		again := slices.ContainsFunc(m.Subscribes[:i], func(earlier Subscription) bool { return earlier.Event == s.Event })
		require(!again, fmt.Sprintf("/subscribes/%d/event", i), "named once: list the alternatives in one where")
	}
	for i, s := range m.Schedules {
		require(len(s.expressions) == 1, fmt.Sprintf("/schedules/%d", i), `with one expression, such as "cron(0 6 * * ? *)": it has %d`, len(s.expressions))
	}
	return violations
}

// placeholders stand in a permission's resources for what differs between deployments.
var placeholders = []string{"{partition}", "{region}", "{account}", "{project}", "{env}"}

var braces = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`{[^}]*}?`) })

// reserved reports whether a variable is not a service's to set: Lambda refuses some, and the others say where the
// service is.
func reserved(name string) bool {
	return strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "LAMBDA_") || slices.Contains([]string{
		"SERVICE_ENVIRONMENT", "EVENT_BUS_NAME", "TOPIC_ARN_PREFIX", "QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "TABLE_NAME", "DATABASE_URL", "TRACE_PAYLOADS", "TRACE_PERSONAL", "SECRETS_PREFIX", "HEALTH_FILE",
		"SCHEDULE_GROUP", "SCHEDULE_ROLE_ARN", "QUEUE_ARN", "UNDELIVERED_QUEUE_ARN",
	}, name)
}
