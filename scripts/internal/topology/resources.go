package topology

import "encoding/json"

// How long queues keep messages, in seconds. A dead letter stays for SQS's maximum of 14 days.
const (
	queueRetention      = 4 * 24 * 3600
	deadLetterRetention = 14 * 24 * 3600
)

// archiveRetention is how long the archive keeps events by default, in days. It must be shorter than the lifetime of
// an inbox record, or a late replay would repeat effects.
const archiveRetention = 60

// longPoll is how long a receive waits for a message, in seconds: SQS's maximum.
const longPoll = 20

// How long EventBridge retries a target before the event becomes undelivered. These are EventBridge's defaults,
// stated here to be visible.
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
	RedriveFrom       []string `json:"redriveFrom,omitempty"` // ARNs of the queues whose dead letters it receives
	Policy            *Policy  `json:"policy,omitempty"`
}

// Redrive is a queue's redrive policy, as SQS spells it.
type Redrive struct {
	DeadLetterTargetARN string `json:"deadLetterTargetArn"`
	MaxReceiveCount     int    `json:"maxReceiveCount"`
}

// Rule routes one type of event from the bus to a service's queue.
type Rule struct {
	Name        string  `json:"name"`
	ARN         string  `json:"arn"`
	Event       string  `json:"event"` // the contract's type
	Pattern     Pattern `json:"pattern"`
	Target      string  `json:"target"`      // ARN of the queue, or of the bus
	DeadLetters string  `json:"deadLetters"` // ARN of the queue for events that don't reach the target
	MaxRetries  int     `json:"maxRetries"`
	MaxAge      int     `json:"maxAgeSeconds"`
}

// Pattern is an EventBridge event pattern.
type Pattern struct {
	Source     []string        `json:"source"`
	DetailType []string        `json:"detail-type"`
	Detail     json.RawMessage `json:"detail,omitempty"`
}

// Scheduling is what EventBridge Scheduler needs for a service: its own schedules, and one-time ones that the service makes
// for its reminders.
type Scheduling struct {
	Group     string     `json:"group"` // of the schedules
	Role      Role       `json:"role"`  // with which Scheduler invokes their targets
	Schedules []Schedule `json:"schedules,omitempty"`
}

// Schedule publishes one of a service's events again and again.
type Schedule struct {
	Name        string          `json:"name"`
	Expression  string          `json:"expression"`
	Timezone    string          `json:"timezone"`
	Target      string          `json:"target"`               // ARN of the bus, or of the service's queue
	Source      string          `json:"source,omitempty"`     // of the event on the bus
	DetailType  string          `json:"detailType,omitempty"` // the same
	Input       json.RawMessage `json:"input"`                // an envelope, with Scheduler's placeholder for the time
	DeadLetters string          `json:"deadLetters,omitempty"`
	MaxRetries  int             `json:"maxRetries"`
	MaxAge      int             `json:"maxAgeSeconds"`
}

// Subscription delivers a topic's messages, raw, to a service's queue.
type Subscription struct {
	Topic        string          `json:"topic"`                  // ARN
	Endpoint     string          `json:"endpoint"`               // ARN of the queue
	FilterPolicy json.RawMessage `json:"filterPolicy,omitempty"` // with the scope MessageBody
	DeadLetters  string          `json:"deadLetters"`            // ARN
}

// Table is a DynamoDB table: one document per item, under a string key.
type Table struct {
	Name         string       `json:"name"`
	ARN          string       `json:"arn"`
	HashKey      string       `json:"hashKey"`
	TTLAttribute string       `json:"ttlAttribute"`
	Indexes      []TableIndex `json:"indexes,omitempty"`
}

// TableIndex is a global secondary index of a table: of strings, and with nothing but keys.
type TableIndex struct {
	Name     string `json:"name"`
	HashKey  string `json:"hashKey"`
	RangeKey string `json:"rangeKey"`
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

// Mapping is an event source mapping, which invokes a function with messages from its queue.
type Mapping struct {
	Queue              string   `json:"queue"`    // ARN
	Function           string   `json:"function"` // name
	Batch              int      `json:"batch"`
	WindowSeconds      int      `json:"windowSeconds"`
	MaximumConcurrency int      `json:"maximumConcurrency"`
	ResponseTypes      []string `json:"responseTypes"`
}

// Role is a service's IAM role.
type Role struct {
	Name   string `json:"name"`
	ARN    string `json:"arn"`
	Trust  Policy `json:"trust"` // who may assume the role
	Policy Policy `json:"policy"`
}
