package lambda

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/requestid"
	"example.com/localcloud/sqs"
	"example.com/localcloud/wire"
)

// Limits and defaults of event source mappings for SQS (developer guide, "Using Lambda with Amazon SQS").
const (
	defBatch, maxBatch         = 10, 10_000
	maxWindow                  = 300 // seconds
	minConcurrency, maxScaling = 2, 1000
	defConcurrency             = 50 // AWS scales from 5 to 1,250; one machine needs no more than this
	reportItems                = "ReportBatchItemFailures"
)

// ScalingConfig limits the number of concurrent batches of a mapping.
type ScalingConfig struct {
	MaximumConcurrency int `json:",omitempty"`
}

// MappingSettings holds the settings of a mapping. Missing members keep their values.
type MappingSettings struct {
	BatchSize                      *int           `json:",omitempty"`
	MaximumBatchingWindowInSeconds *int           `json:",omitempty"`
	ScalingConfig                  *ScalingConfig `json:",omitempty"`
	FunctionResponseTypes          []string
}

// Mapping describes an event source mapping.
type Mapping struct {
	UUID           string
	EventSourceArn string
	FunctionArn    string
	MappingSettings
	State                 string // Enabled or Disabled; in the response to a change also Creating, Updating, Enabling, Disabling or Deleting
	StateTransitionReason string
	LastModified          wire.Seconds
}

// mapping is a mapping with its poller. The service's mutex guards it.
type mapping struct {
	Mapping
	stop context.CancelFunc // nil if disabled
}

func (m *mapping) view() *Mapping { return new(m.Mapping) }

// transitioning returns the mapping with a transitional state, for the response to a change, as on AWS. Source:
// responses of AWS in LocalStack's tests of event source mappings.
func (m *mapping) transitioning(state string) *Mapping {
	view := m.view()
	view.State = state
	return view
}

func (m MappingSettings) with(change MappingSettings) MappingSettings {
	set(&m.BatchSize, change.BatchSize)
	set(&m.MaximumBatchingWindowInSeconds, change.MaximumBatchingWindowInSeconds)
	set(&m.ScalingConfig, change.ScalingConfig)
	if change.FunctionResponseTypes != nil {
		m.FunctionResponseTypes = change.FunctionResponseTypes
	}
	return m
}

func (m MappingSettings) check() error {
	batch, window := *m.BatchSize, *m.MaximumBatchingWindowInSeconds
	scaling := *cmp.Or(m.ScalingConfig, &ScalingConfig{})
	switch {
	case batch < 1 || batch > maxBatch:
		return invalid("BatchSize must be 1 to %d, not %d", maxBatch, batch)
	case window < 0 || window > maxWindow:
		return invalid("MaximumBatchingWindowInSeconds must be 0 to %d, not %d", maxWindow, window)
	case batch > defBatch && window == 0:
		return invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
	case scaling.MaximumConcurrency != 0 && (scaling.MaximumConcurrency < minConcurrency || scaling.MaximumConcurrency > maxScaling):
		return invalid("MaximumConcurrency must be %d to %d, not %d", minConcurrency, maxScaling, scaling.MaximumConcurrency)
	case slices.ContainsFunc(m.FunctionResponseTypes, func(t string) bool { return t != reportItems }):
		return invalid("FunctionResponseTypes must be %s, not %q", reportItems, m.FunctionResponseTypes)
	}
	return nil
}

// CreateEventSourceMappingInput connects a queue to a function.
type CreateEventSourceMappingInput struct {
	EventSourceArn string
	FunctionName   string
	Enabled        *bool
	MappingSettings
}

func (in *CreateEventSourceMappingInput) resource() string { return "*" }

// CreateEventSourceMapping starts to poll a queue for a function.
func (s *Service) CreateEventSourceMapping(ctx context.Context, in *CreateEventSourceMappingInput) (*Mapping, error) {
	if !strings.HasPrefix(in.EventSourceArn, "arn:aws:sqs:") {
		return nil, invalid("the local cloud supports only SQS queues as event sources, not %.200q", in.EventSourceArn)
	}
	settings := MappingSettings{BatchSize: new(defBatch), MaximumBatchingWindowInSeconds: new(0), FunctionResponseTypes: []string{}}.with(in.MappingSettings)
	if err := settings.check(); err != nil {
		return nil, err
	}
	if _, err := s.SQS.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: wire.Resource(in.EventSourceArn)}); err != nil {
		return nil, invalid("Error occurred while ReceiveMessage. SQS Error Message: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(in.FunctionName)
	if err != nil {
		return nil, err
	}
	if err := s.allowed(f.settings.Role, in.EventSourceArn, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"); err != nil {
		return nil, err
	}
	for _, other := range s.mappings {
		if other.EventSourceArn == in.EventSourceArn && other.FunctionArn == f.arn() {
			return nil, conflict("An event source mapping with SQS arn (\"" + in.EventSourceArn + "\") and function (\"" + f.name + "\") already exists. Please update or delete the existing mapping with UUID " + other.UUID)
		}
	}
	m := &mapping{Mapping: Mapping{
		UUID: requestid.New(), EventSourceArn: in.EventSourceArn, FunctionArn: f.arn(), MappingSettings: settings,
		StateTransitionReason: "USER_INITIATED",
	}}
	s.mappings[m.UUID] = m
	s.enable(m, in.Enabled == nil || *in.Enabled)
	return m.transitioning("Creating"), nil
}

// enable starts or stops a mapping's poller, with its current settings. The caller holds the mutex.
func (s *Service) enable(m *mapping, enabled bool) {
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
	m.State, m.LastModified = stateDisabled, wire.Seconds(time.Now())
	if enabled {
		m.State = stateEnabled
	}
	s.journal.Put(kindMapping, m.UUID, m.Mapping)
	if enabled {
		s.poll(m)
	}
}

// poll starts the mapping's poller. The caller holds the mutex.
func (s *Service) poll(m *mapping) {
	ctx, stop := context.WithCancel(s.closing)
	m.stop = stop
	p := newPoller(s, m.Mapping)
	s.launchLocked(func() { p.run(ctx) })
}

const stateEnabled, stateDisabled = "Enabled", "Disabled"
