package host

import (
	"math"
	"strconv"

	"example.com/troupe/events/bus"
	"example.com/troupe/events/manifest"
)

// environment is what a service's surroundings tell it. Package host documents the
// variables.
type environment struct {
	name        string
	runtimeAPI  string
	bus         string
	topics      string
	queue       string
	deadLetters string
	table       string
	database    string
	address     string
	direct      string
	collector   string
	health      string
	payloads    bool
	rate        float64
	concurrency int
	schedules   bus.Schedules
}

// readEnvironment reads the variables that the service needs.
func (rt *Runtime) readEnvironment() {
	rt.patience()
	m, get := rt.manifest, rt.getenv
	worker, publishes := get("AWS_LAMBDA_RUNTIME_API") == "", len(m.Publishes) > 0
	polls := m.HasQueue() && (!worker || get("DIRECT_HTTP_ADDR") == "")
	if rt.flag(tracePersonal) && get("SERVICE_ENVIRONMENT") != "local" {
		rt.refuse("%s is only for the environment local: leave it out", tracePersonal)
	}
	rt.env = environment{
		name:       get("SERVICE_ENVIRONMENT"),
		runtimeAPI: get("AWS_LAMBDA_RUNTIME_API"),
		direct:     get("DIRECT_HTTP_ADDR"),
		collector:  get("OTEL_EXPORTER_OTLP_ENDPOINT"),
		health:     get("HEALTH_FILE"),
		payloads:   rt.flag("TRACE_PAYLOADS"),
		rate:       rt.rate(),

		concurrency: rt.concurrency(),

		bus:         rt.need(publishes, "EVENT_BUS_NAME", "the bus that it publishes to"),
		topics:      rt.need(publishes, "TOPIC_ARN_PREFIX", "what the ARNs of the topics that it publishes to begin with"),
		queue:       rt.need(polls, "QUEUE_URL", "its own queue"),
		deadLetters: rt.need(polls, "DEAD_LETTER_QUEUE_URL", "where it dead-letters messages that fail permanently"),
		table:       rt.need(m.Store == manifest.DynamoDB, "TABLE_NAME", "its DynamoDB table"),
		database:    rt.need(m.Store == manifest.SQL, "DATABASE_URL", "its database: sqlite:///path or postgres://…"),
		schedules: bus.Schedules{
			Group:       rt.need(rt.reminders != nil, "SCHEDULE_GROUP", "the group of its reminders' schedules, which a service has that publishes an event of the channel queue"),
			Role:        rt.need(rt.reminders != nil, "SCHEDULE_ROLE_ARN", "the role with which its reminders are sent"),
			Queue:       rt.need(rt.reminders != nil, "QUEUE_ARN", "the ARN of its own queue"),
			DeadLetters: rt.need(rt.reminders != nil, "UNDELIVERED_QUEUE_ARN", "the ARN of the queue for reminders that can't be sent"),
		},
		address: rt.need(worker && len(m.HTTP) > 0 && get("DIRECT_HTTP_ADDR") == "", "HTTP_ADDR", "the host:port to serve its routes on, like 127.0.0.1:8080"),
	}
}

// tracePersonal is the variable that shows personal data, which make up sets if asked.
const tracePersonal = "TRACE_PERSONAL"

// showsPersonal reports whether personal data is shown: only on the machine of whoever asks.
func showsPersonal(getenv func(string) string) bool {
	shown, _ := strconv.ParseBool(getenv(tracePersonal))
	return shown && getenv("SERVICE_ENVIRONMENT") == "local"
}

// need reads a variable that must be set where it is needed.
func (rt *Runtime) need(needed bool, name, what string) string {
	value := rt.getenv(name)
	if needed && value == "" {
		rt.refuse("set %s in the environment: %s", name, what)
	}
	return value
}

func (rt *Runtime) flag(name string) bool {
	text := rt.getenv(name)
	if text == "" {
		return false
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		rt.refuse("%s is %q: it must be true or false", name, text)
	}
	return value
}

// concurrency reads how many messages are handled at a time.
func (rt *Runtime) concurrency() int {
	text := rt.getenv("QUEUE_CONCURRENCY")
	if text == "" {
		return rt.manifest.Queue.Concurrency
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 || value > 1000 {
		rt.refuse("QUEUE_CONCURRENCY is %q: it must be a number of messages, 1 to 1000", text)
	}
	return value
}

// rate reads how many messages a second a worker takes at most. A limit that depends on
// where the service runs, such as the size of its database, is set in the environment.
func (rt *Runtime) rate() float64 {
	text := rt.getenv("RATE")
	if text == "" {
		return rt.manifest.Rate
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !(value > 0) || math.IsInf(value, 0) {
		rt.refuse("RATE is %q: it must be a number of messages a second, above 0", text)
	}
	return value
}
