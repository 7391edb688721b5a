package model

// How much more than a flow needs Raise grants. What waited during a pause has to be caught up with; all services that
// do so at a time, rounded up to whole instances, must not come to the limits that they share.
const (
	Spare       = 1.25 // to a service
	SharedSpare = 1.6  // to the account, and to a table
)

// Raise returns a flow and limits in which nothing is short at a rate.
func Raise(flow Flow, limits Limits, rate float64) (Flow, Limits) {
	services := append([]Service(nil), flow.Services...)
	raised := Flow{Services: services, Steps: flow.Steps}
	for _, n := range Needs(flow, limits, rate) {
		to := max(n.Has, round(n.Needs*SharedSpare))
		if n.Kind == MaxFunctions || n.Kind == MaxTasks {
			to = max(n.Has, round(n.Needs*Spare))
		}
		switch n.Kind {
		case APIRequests:
			limits.Requests, limits.RequestBurst = to, max(limits.RequestBurst, to/2)
		case Instances:
			limits.Concurrency = to
		case PutEvents:
			limits.Puts = to
		case Deliveries:
			limits.Invocations = to
		case TopicMessages:
			limits.Notices = to
		case TableWrites:
			limits.Writes = max(limits.Writes, to)
		case MaxFunctions:
			services[n.Service].Functions = to
		case MaxTasks:
			services[n.Service].MaxTasks = to
			services[n.Service].MinTasks = round(n.Needs * Spare) // tasks that start when a queue is long start too late
		}
	}
	return raised, limits
}
