package lambda

import (
	"cmp"
	"context"
	"time"

	"example.com/localcloud/wire"
)

// Limits from the reference of PutFunctionEventInvokeConfig.
const (
	minEventAge, maxEventAge = 60, 21600 // seconds
	maxEventRetries          = 2
)

// EventSettings configures a function's asynchronous invocations. The defaults are two retries and six hours.
type EventSettings struct {
	MaximumRetryAttempts     *int               `json:",omitempty"`
	MaximumEventAgeInSeconds *int               `json:",omitempty"`
	DestinationConfig        *DestinationConfig `json:",omitempty"`
}

// DestinationConfig names the destinations for records of events.
type DestinationConfig struct{ OnSuccess, OnFailure *Destination }

// Destination is the ARN of a queue, topic, function or event bus.
type Destination struct {
	Destination string `json:",omitempty"`
}

func (e EventSettings) retries() int { return *cmp.Or(e.MaximumRetryAttempts, new(maxEventRetries)) }

func (e EventSettings) age() time.Duration {
	if e.MaximumEventAgeInSeconds == nil {
		return defEventAge
	}
	return time.Duration(*e.MaximumEventAgeInSeconds) * time.Second
}

func (e EventSettings) check() error {
	switch {
	case e == EventSettings{}:
		return invalid("You must specify at least one of error handling or destination setting.")
	case e.retries() < 0 || e.retries() > maxEventRetries:
		return invalid("MaximumRetryAttempts must be 0 to %d, not %d", maxEventRetries, e.retries())
	case e.age() < minEventAge*time.Second || e.age() > maxEventAge*time.Second:
		return invalid("MaximumEventAgeInSeconds must be %d to %d, not %d", minEventAge, maxEventAge, *e.MaximumEventAgeInSeconds)
	}
	return nil
}

func (e EventSettings) with(change EventSettings) EventSettings {
	set(&e.MaximumRetryAttempts, change.MaximumRetryAttempts)
	set(&e.MaximumEventAgeInSeconds, change.MaximumEventAgeInSeconds)
	set(&e.DestinationConfig, change.DestinationConfig)
	return e
}

// EventInvokeConfig is the settings of a function with the time of their last change.
type EventInvokeConfig struct {
	EventSettings
	FunctionArn  string // with $LATEST
	LastModified wire.Seconds
}

// EventInvokeConfigInput sets a function's EventSettings.
type EventInvokeConfigInput struct {
	FunctionName string `json:"-" path:"FunctionName"`
	Qualifier    string `json:"-" query:"Qualifier"`
	EventSettings
}

func (in *EventInvokeConfigInput) resource() string { return resourceOf(in.FunctionName) }

// PutFunctionEventInvokeConfig replaces the settings.
func (s *Service) PutFunctionEventInvokeConfig(_ context.Context, in *EventInvokeConfigInput) (*EventInvokeConfig, error) {
	return s.configureEvents(in, func(*function) (EventSettings, error) { return in.EventSettings, nil })
}

// UpdateFunctionEventInvokeConfig changes the members that are present.
func (s *Service) UpdateFunctionEventInvokeConfig(_ context.Context, in *EventInvokeConfigInput) (*EventInvokeConfig, error) {
	return s.configureEvents(in, func(f *function) (EventSettings, error) {
		if f.events == nil {
			return EventSettings{}, noEventConfig(f)
		}
		return f.events.with(in.EventSettings), nil
	})
}

func (s *Service) configureEvents(in *EventInvokeConfigInput, change func(*function) (EventSettings, error)) (*EventInvokeConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := (&FunctionInput{in.FunctionName, in.Qualifier}).get(s)
	if err != nil {
		return nil, err
	}
	settings, err := change(f)
	if err == nil {
		err = settings.check()
	}
	if err != nil {
		return nil, err
	}
	destinations := cmp.Or(settings.DestinationConfig, &DestinationConfig{})
	for _, destination := range []*Destination{destinations.OnSuccess, destinations.OnFailure} {
		if err := s.checkDestination(f, destination); err != nil {
			return nil, err
		}
	}
	f.events = &EventInvokeConfig{settings, f.arn() + ":" + latest, wire.Seconds(time.Now())}
	s.keep(f)
	return f.events, nil
}

// GetFunctionEventInvokeConfig returns the settings.
func (s *Service) GetFunctionEventInvokeConfig(_ context.Context, in *FunctionInput) (*EventInvokeConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := in.get(s)
	if err == nil && f.events == nil {
		err = noEventConfig(f)
	}
	if err != nil {
		return nil, err
	}
	return f.events, nil
}

// DeleteFunctionEventInvokeConfig restores the defaults.
func (s *Service) DeleteFunctionEventInvokeConfig(_ context.Context, in *FunctionInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := in.get(s)
	if err == nil && f.events == nil {
		err = noEventConfig(f)
	}
	if err != nil {
		return nil, err
	}
	f.events = nil
	s.keep(f)
	return &Empty{}, nil
}

func noEventConfig(f *function) error {
	return missing("The function " + f.arn() + ":" + latest + " doesn't have an EventInvokeConfig")
}

// eventSettings returns a function's settings, or the defaults if the function does not exist.
func (s *Service) eventSettings(reference string) EventSettings {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, err := s.find(reference); err == nil && f.events != nil {
		return f.events.EventSettings
	}
	return EventSettings{}
}

// destination returns the destination for events that ended with a condition.
func (s *Service) destination(reference, condition string) (arn string, configured bool) {
	config := s.eventSettings(reference).DestinationConfig
	if config == nil {
		return "", false
	}
	to := config.OnFailure
	if condition == succeeded {
		to = config.OnSuccess
	}
	if to == nil || to.Destination == "" {
		return "", false
	}
	return to.Destination, true
}
