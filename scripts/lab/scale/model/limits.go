package model

// Limits are the quotas of an account in a region, and how fast AWS adds capacity. Rates are a second.
type Limits struct {
	Requests     float64 // API Gateway: requests that are admitted
	RequestBurst float64 // API Gateway: requests that it admits at once after a pause
	Concurrency  float64 // Lambda: instances of all functions at a time
	Scaling      float64 // Lambda: instances added a second, of one function that is invoked directly
	FirstPollers float64 // Lambda: instances that a queue invokes at first
	Polling      float64 // Lambda: instances added a second, of one function that a queue invokes
	Puts         float64 // EventBridge: calls of PutEvents
	Invocations  float64 // EventBridge: deliveries to targets
	Notices      float64 // SNS: messages published
	Writes       float64 // DynamoDB: write units of one table
}

// The back-off after a failed delivery is that of package host, without its jitter.
const (
	firstBackoff   = 2.0   // seconds
	longestBackoff = 300.0 // seconds
)

// The autoscaling of ECS as terraform/modules/service/scaling.tf sets it up: a metric a minute, three of which raise the
// alarm of a target tracking policy (AWS, Application Auto Scaling User Guide, "How target tracking scaling for
// Application Auto Scaling works"), and a minute until a new task polls.
const (
	scalingPeriod = 60.0
	scalingDelay  = 3 * scalingPeriod
	taskStart     = 60.0
)

// bucket admits a rate, and a burst after a pause.
type bucket struct{ rate, burst, tokens float64 }

func newBucket(rate, burst float64) *bucket { return &bucket{rate, burst, burst} }

// refill adds the tokens of a tick.
func (b *bucket) refill() { b.tokens = min(max(b.burst, b.rate*Tick), b.tokens+b.rate*Tick) }

// take takes up to n tokens and returns how many.
func (b *bucket) take(n float64) float64 {
	n = min(n, b.tokens)
	b.tokens -= n
	return n
}

// share takes up to n tokens and returns which part of n they are.
func (b *bucket) share(n float64) float64 {
	if n <= b.tokens || n == 0 {
		b.tokens -= n
		return 1
	}
	part := b.tokens / n
	b.tokens = 0
	return part
}
