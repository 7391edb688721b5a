package lambda

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
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
	MaximumConcurrency *int `json:",omitempty"`
}

// MappingSettings holds the settings of a mapping. Missing members keep their values.
type MappingSettings struct {
	BatchSize                      *int            `json:",omitempty"`
	MaximumBatchingWindowInSeconds *int            `json:",omitempty"`
	ScalingConfig                  *ScalingConfig  `json:",omitempty"`
	FilterCriteria                 *FilterCriteria `json:",omitempty"`
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

// fifo reports whether the queue is a FIFO queue.
func (m *Mapping) fifo() bool { return strings.HasSuffix(m.EventSourceArn, ".fifo") }

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
	set(&m.FilterCriteria, change.FilterCriteria)
	if change.FunctionResponseTypes != nil {
		m.FunctionResponseTypes = change.FunctionResponseTypes
	}
	if m.FilterCriteria != nil && len(m.FilterCriteria.Filters) == 0 { // the way to remove them
		m.FilterCriteria = nil
	}
	return m
}

func (m *Mapping) check() error {
	batch, window := *m.BatchSize, *m.MaximumBatchingWindowInSeconds
	scaling := cmp.Or(m.ScalingConfig, &ScalingConfig{}).MaximumConcurrency
	switch {
	case batch < 1 || batch > maxBatch:
		return invalid("BatchSize must be 1 to %d, not %d", maxBatch, batch)
	case window < 0 || window > maxWindow:
		return invalid("MaximumBatchingWindowInSeconds must be 0 to %d, not %d", maxWindow, window)
	case m.fifo() && window > 0: // as AWS says it: aws/aws-lambda-dotnet#1758
		return invalid("Batching window is not supported for FIFO queues")
	case m.fifo() && batch > defBatch:
		return invalid("BatchSize must be 1 to %d for a FIFO queue, not %d", defBatch, batch)
	case batch > defBatch && window == 0:
		return invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
	case scaling != nil && (*scaling < minConcurrency || *scaling > maxScaling):
		return invalid("MaximumConcurrency must be %d to %d, not %d", minConcurrency, maxScaling, *scaling)
	case len(m.FunctionResponseTypes) > 1 || slices.ContainsFunc(m.FunctionResponseTypes, func(t string) bool { return t != reportItems }):
		return invalid("FunctionResponseTypes must be %s, not %q", reportItems, m.FunctionResponseTypes)
	}
	_, err := m.FilterCriteria.compile()
	return err
}

// checkSource checks that the function's role may poll the queue, and that its messages stay invisible while the function
// handles them. AWS checks the latter when a mapping is created or updated: public reports of its error name no other
// operation, so a function or a queue may change afterwards (terraform-provider-aws#18099, wing#1507).
func (s *Service) checkSource(m *Mapping, f *function) error {
	if _, err := wire.Local("sqs", "", m.EventSourceArn); err != nil {
		return invalid("the local cloud supports only SQS queues as event sources: %v", err)
	}
	if err := s.allowed(f.settings.Role, m.EventSourceArn, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"); err != nil {
		return err
	}
	const attribute = "VisibilityTimeout"
	out, err := s.SQS.GetQueueAttributes(context.Background(), &sqs.GetQueueAttributesInput{QueueUrl: queueURL(m.EventSourceArn), AttributeNames: []string{attribute}})
	if err != nil {
		return invalid("Error occurred while ReceiveMessage. SQS Error Message: %v", err)
	}
	visibility, err := strconv.Atoi(out.Attributes[attribute])
	if err != nil {
		return fmt.Errorf("read the visibility timeout of %s: %w", m.EventSourceArn, err)
	}
	if timeout := *f.settings.Timeout; visibility < timeout {
		return invalid("Queue visibility timeout: %d seconds is less than Function timeout: %d seconds", visibility, timeout)
	}
	return nil
}

// unique checks that no other mapping connects the queue to the function.
func (s *Service) unique(m *Mapping, f *function) error {
	for _, other := range s.mappings {
		if other.UUID != m.UUID && other.EventSourceArn == m.EventSourceArn && other.FunctionArn == m.FunctionArn {
			return conflict("An event source mapping with SQS arn (\"" + m.EventSourceArn + "\") and function (\"" + f.name + "\") already exists. Please update or delete the existing mapping with UUID " + other.UUID)
		}
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
func (s *Service) CreateEventSourceMapping(_ context.Context, in *CreateEventSourceMappingInput) (*Mapping, error) {
	m := &mapping{Mapping: Mapping{
		UUID: requestid.New(), EventSourceArn: in.EventSourceArn, StateTransitionReason: "USER_INITIATED",
		MappingSettings: MappingSettings{BatchSize: new(defBatch), MaximumBatchingWindowInSeconds: new(0), FunctionResponseTypes: []string{}}.with(in.MappingSettings),
	}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.connect(&m.Mapping, in.FunctionName); err != nil {
		return nil, err
	}
	s.mappings[m.UUID] = m
	s.enable(m, in.Enabled == nil || *in.Enabled)
	return m.transitioning("Creating"), nil
}

// connect checks a mapping and sets its function. The caller holds the mutex.
func (s *Service) connect(m *Mapping, function string) error {
	f, err := s.find(function)
	if err != nil && wire.AsError(err).Status == http.StatusNotFound { // recorded in LocalStack's tests of event source mappings
		return invalid("Function does not exist: %s", resourceOf(function))
	}
	if err != nil {
		return err
	}
	m.FunctionArn = f.arn()
	if err := m.check(); err != nil {
		return err
	}
	if err := s.checkSource(m, f); err != nil {
		return err
	}
	return s.unique(m, f)
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
