package host

import (
	"math"
	"strconv"

	"example.com/troupe/events/manifest"
)

// environment is what whoever deploys a service tells it: what surrounds it.
type environment struct {
	name        string  // SERVICE_ENVIRONMENT: "local", "dev" …
	runtimeAPI  string  // AWS_LAMBDA_RUNTIME_API: there in Lambda only
	bus         string  // EVENT_BUS_NAME
	topics      string  // TOPIC_ARN_PREFIX: a topic's ARN up to the event's name
	queue       string  // QUEUE_URL
	deadLetters string  // DEAD_LETTER_QUEUE_URL
	table       string  // TABLE_NAME
	database    string  // DATABASE_URL
	address     string  // HTTP_ADDR: host:port, a worker with routes only
	collector   string  // OTEL_EXPORTER_OTLP_ENDPOINT
	payloads    bool    // TRACE_PAYLOADS
	rate        float64 // RATE: messages a second; without it that of service.json
}

// readEnvironment reads the variables, and refuses to start without those that this
// service needs.
func (rt *Runtime) readEnvironment() {
	m, get := rt.manifest, rt.getenv
	rt.env = environment{
		name:       get("SERVICE_ENVIRONMENT"),
		runtimeAPI: get("AWS_LAMBDA_RUNTIME_API"),
		collector:  get("OTEL_EXPORTER_OTLP_ENDPOINT"),
		payloads:   rt.flag("TRACE_PAYLOADS"),
		rate:       rt.rate(),

		bus:         rt.need(len(m.Publishes) > 0, "EVENT_BUS_NAME", "the bus that it publishes to"),
		topics:      rt.need(len(m.Publishes) > 0, "TOPIC_ARN_PREFIX", "what the ARNs of the topics that it publishes to begin with"),
		queue:       rt.need(m.HasQueue(), "QUEUE_URL", "its own queue"),
		deadLetters: rt.need(m.HasQueue(), "DEAD_LETTER_QUEUE_URL", "where it dead-letters messages that fail for good"),
		table:       rt.need(m.Store == manifest.DynamoDB, "TABLE_NAME", "its DynamoDB table"),
		database:    rt.need(m.Store == manifest.SQL, "DATABASE_URL", "its database: sqlite:///path or postgres://…"),
	}
	worker := rt.env.runtimeAPI == ""
	rt.env.address = rt.need(worker && len(m.HTTP) > 0, "HTTP_ADDR", "the host:port to serve its routes on, as 127.0.0.1:8080")
}

// need reads a variable that must be there where it is needed.
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

// rate reads how many messages a second a worker takes at most: a limit that depends on where it runs, on the size of
// its database for one, is set there.
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
