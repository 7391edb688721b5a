package cost

import "math"

// Workflow is what the flow would cost as a Step Functions workflow: one execution of it for one of the flow. Each step
// of a service becomes a task that invokes the same function; what the tasks use, and the API, is paid in both. The
// rules, topics and queues between the services are not needed then.
type Workflow struct {
	States     float64 `json:"states"`     // tasks, and one transition that begins
	Seconds    float64 `json:"seconds"`    // of all tasks, one after the other
	Standard   float64 `json:"standard"`   // dollars of its transitions
	Express    float64 `json:"express"`    // dollars of its request and duration, at the least memory of 64 MB
	Kept       float64 `json:"kept"`       // dollars of functions, tables, API and logs, paid in both
	Replaced   float64 `json:"replaced"`   // dollars of events, topics and queues, paid in the flow only
	Fits       bool    `json:"fits"`       // Express allows five minutes
	Flow       float64 `json:"flow"`       // Kept and Replaced
	InStandard float64 `json:"inStandard"` // Kept and Standard
	InExpress  float64 `json:"inExpress"`  // Kept and Express
}

// Express bills memory in steps of 64 MB and time in steps of 100 ms, and a workflow may take five minutes
// (aws.amazon.com/step-functions/pricing; docs.aws.amazon.com/step-functions/latest/dg/limits-overview.html).
const (
	expressGB      = 64.0 / 1024
	expressStep    = 0.1
	expressLongest = 300
)

// Workflow returns what one execution would cost as a workflow.
func (m *Model) Workflow(u *Usage) Workflow {
	w := Workflow{States: 1 + u.Total(func(used *Used) float64 { return used.Messages })}
	for _, used := range u.Services {
		if used.Messages > 0 {
			_, ms := used.AsFunction()
			w.Seconds += ms / 1000
		}
	}
	for _, line := range m.Variable(u) {
		switch line.Product {
		case "EventBridge", "SNS", "SQS":
			w.Replaced += line.USD
		default:
			w.Kept += line.USD
		}
	}
	w.Fits = w.Seconds <= expressLongest
	w.Standard = m.line(Shared, "sfn-transition", w.States).USD
	billed := math.Ceil(w.Seconds/expressStep) * expressStep
	w.Express = m.line(Shared, "sfn-request", 1).USD + m.line(Shared, "sfn-compute", billed*expressGB).USD
	w.Flow, w.InStandard, w.InExpress = w.Kept+w.Replaced, w.Kept+w.Standard, w.Kept+w.Express
	return w
}
