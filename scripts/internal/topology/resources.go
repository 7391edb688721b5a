package topology

import "encoding/json"

// How long queues keep what nobody takes, in seconds. A dead letter stays for the longest
// time that SQS has, 14 days.
const (
	queueRetention      = 4 * 24 * 3600
	deadLetterRetention = 14 * 24 * 3600
)

// archiveRetention is how long the archive keeps events where nothing else is said, in days: shorter than an inbox
// record lives, or a late replay would act twice.
const archiveRetention = 60

// longPoll is how long a receive waits for a message, in seconds: the most that SQS has.
const longPoll = 20

// How long EventBridge tries to reach a target before the event becomes undelivered: the
// service's own defaults, stated so that nobody has to know them.
const (
	targetRetries = 185
	targetAge     = 24 * 3600 // seconds
)

// Queue is an SQS queue.
type Queue struct {
	Name              string   `json:"name"`
	ARN               string   `json:"arn"`
	VisibilitySeconds int      `json:"visibilitySeconds"`
	RetentionSeconds  int      `json:"retentionSeconds"`
	LongPollSeconds   int      `json:"longPollSeconds"`
	Redrive           *Redrive `json:"redrive,omitempty"`
	RedriveFrom       []string `json:"redriveFrom,omitempty"` // the queues, by ARN, whose dead letters it takes
	Policy            *Policy  `json:"policy,omitempty"`
}

// Redrive is a queue's redrive policy, as SQS spells it.
type Redrive struct {
	DeadLetterTargetARN string `json:"deadLetterTargetArn"`
	MaxReceiveCount     int    `json:"maxReceiveCount"`
}

// Rule lets one type of event through from the bus to a service's queue.
type Rule struct {
	Name        string  `json:"name"`
	ARN         string  `json:"arn"`
	Pattern     Pattern `json:"pattern"`
	Target      string  `json:"target"`      // ARN of the queue
	DeadLetters string  `json:"deadLetters"` // ARN of the queue for what does not reach the target
	MaxRetries  int     `json:"maxRetries"`
	MaxAge      int     `json:"maxAgeSeconds"`
}

// Pattern is an EventBridge event pattern.
type Pattern struct {
	Source     []string        `json:"source"`
	DetailType []string        `json:"detail-type"`
	Detail     json.RawMessage `json:"detail,omitempty"`
}

// Subscription lets messages through from a topic to a service's queue, as they are.
type Subscription struct {
	Topic        string          `json:"topic"`                  // ARN
	Endpoint     string          `json:"endpoint"`               // ARN of the queue
	FilterPolicy json.RawMessage `json:"filterPolicy,omitempty"` // of scope MessageBody
	DeadLetters  string          `json:"deadLetters"`            // ARN
}

// Table is a DynamoDB table: one document an item, under a key of text.
type Table struct {
	Name         string `json:"name"`
	ARN          string `json:"arn"`
	HashKey      string `json:"hashKey"`
	TTLAttribute string `json:"ttlAttribute"`
}

// Function is a Lambda function.
type Function struct {
	Name           string `json:"name"`
	ARN            string `json:"arn"`
	Handler        string `json:"handler"`
	Runtime        string `json:"runtime"`
	TimeoutSeconds int    `json:"timeoutSeconds"`
	MemoryMB       int    `json:"memoryMB"`
}

// Mapping is an event source mapping: what feeds a function from its queue.
type Mapping struct {
	Queue              string   `json:"queue"`    // ARN
	Function           string   `json:"function"` // name
	Batch              int      `json:"batch"`
	WindowSeconds      int      `json:"windowSeconds"`
	MaximumConcurrency int      `json:"maximumConcurrency"`
	ResponseTypes      []string `json:"responseTypes"`
}

// Role is what a service may do.
type Role struct {
	Name   string `json:"name"`
	ARN    string `json:"arn"`
	Trust  Policy `json:"trust"` // who may take the role
	Policy Policy `json:"policy"`
}
